import { unwrapLauncher } from './unwrapLauncher.js';
import { classifyName } from './nameWords.js';
import { isPackageManager, packageRun } from './packageRun.js';
import { classifyRunner } from './runners.js';
import { classifyLikely, classifyTaskRunner } from './taskRunners.js';
import { commandName, classifyTool } from './classifyTool.js';
import { classifyUnknown } from './unknownProgram.js';
import { splitCommands } from '../../core/commandLine/parse.js';
import { combineClassifications, weakened, type Classification } from './classification.js';

/** Maximum number of nested launchers; more do not occur in practice. */
const maxDepth = 8;

/** Maximum number of scripts that a pattern such as `dev:*` selects. */
const maxMatches = 50;

/** Classifies the scripts of one package by their commands, and by the scripts that they run. */
export class CommandClassifier {
  readonly #known = new Map<string, Classification>();

  /** `runner` is the program that runs the scripts, unless it is a package manager. */
  constructor(
    private readonly scripts: ReadonlyMap<string, string>,
    private readonly runner?: string,
  ) {}

  /** Classifies a script; `undefined` for an unknown name. */
  classifyScript(name: string): Classification | undefined {
    const body = this.scripts.get(name);
    if (body === undefined) return undefined;
    const known = this.#known.get(name);
    if (known) return known;
    // Scripts may run each other in a cycle.
    this.#known.set(name, 'unknown');
    const byCommand = this.#isOnlyName(body) ? 'other' : this.classifyLine(body);
    // `db:migrate` does what its name says, even if the program is unknown.
    const isOther = byCommand === 'unknown' && classifyName(name) === 'other';
    const classification = isOther ? 'other' : byCommand;
    this.#known.set(name, classification);
    return classification;
  }

  /** Returns whether a line is only the name of another script, which does not run that script. */
  #isOnlyName(body: string): boolean {
    const isName = this.runner === undefined && this.scripts.has(body);
    return isName && !isPackageManager(body) && classifyTool(body, []) === undefined;
  }

  /** Classifies a shell line. */
  classifyLine(line: string, depth = 0): Classification {
    if (depth > maxDepth) return 'unknown';
    const commands = splitCommands(line).filter(
      ([first = '', ...others]) =>
        !endsBlock.test(first) && (others.length > 0 || !startsCommand.test(first)),
    );
    return combineClassifications(commands.map((words) => this.#classifyCommand(words, depth)));
  }

  #classifyCommand(words: readonly string[], depth: number): Classification {
    if (depth > maxDepth || words.length === 0) return 'unknown';
    const [keyword = ''] = words;
    if (startsCommand.test(keyword)) return weakened(this.#classifyCommand(words.slice(1), depth + 1));
    if (isCondition(words)) return 'other';
    return this.#classifyLaunch(words, depth);
  }

  #classifyLaunch(words: readonly string[], depth: number): Classification {
    const launched = unwrapLauncher(words);
    if (launched?.kind === 'line') return this.classifyLine(launched.line, depth + 1);
    if (launched) return this.#classifyCommand(launched.words, depth + 1);
    const [first = '', ...args] = words;
    if (first.includes(' ')) return this.classifyLine(first, depth + 1);
    return this.#classifyProgram(commandName(first), args, depth) ?? classifyUnknown(first, args);
  }

  #classifyProgram(program: string, args: readonly string[], depth: number): Classification | undefined {
    return (
      this.#classifyParallel(program, args, depth) ??
      this.#classifyPackageManager(program, args, depth) ??
      this.#classifyWatcher(program, args, depth) ??
      this.#classifyOwnTargets(program, args) ??
      classifyTaskRunner(program, args) ??
      classifyTool(program, args) ??
      classifyRunner(program, args, (tool, rest) => this.#classifyCommand([tool, ...rest], depth + 1))
    );
  }

  /** Classifies tools that run several scripts or lines. */
  #classifyParallel(program: string, args: readonly string[], depth: number): Classification | undefined {
    if (program === 'concurrently' || program === 'conc')
      return combineClassifications(
        concurrentlyLines(args).map((line) => this.#classifyScriptOrLine(line, depth)),
      );
    if (!/^(?:npm-run-all2?|run-[ps]|wireit)$/u.test(program)) return undefined;
    const patterns = args.filter((arg) => !arg.startsWith('-'));
    return combineClassifications(
      patterns.flatMap((pattern) => this.#classifyMatching(pattern.split(' ')[0] ?? '')),
    );
  }

  /** Classifies an argument of `concurrently`, where `npm:dev` and `npm:dev:*` stand for scripts. */
  #classifyScriptOrLine(line: string, depth: number): Classification {
    const pattern = /^(?:npm|yarn|pnpm|bun|node):(?<pattern>\S+)/u.exec(line)?.groups?.['pattern'];
    return pattern === undefined
      ? this.classifyLine(line, depth + 1)
      : combineClassifications(this.#classifyMatching(pattern));
  }

  #classifyMatching(pattern: string): Classification[] {
    if (!pattern.includes('*')) return [this.classifyScript(pattern) ?? classifyLikely(pattern)];
    const names = [...this.scripts.keys()].filter((name) => matchesStars(pattern, name));
    return names.slice(0, maxMatches).map((name) => this.classifyScript(name) ?? 'unknown');
  }

  #classifyPackageManager(
    program: string,
    args: readonly string[],
    depth: number,
  ): Classification | undefined {
    if (!isPackageManager(program)) return undefined;
    const run = packageRun(program, args);
    if (!run) return 'other';
    const expression = scriptExpression(run.script);
    if (expression) return this.#classifySelected((name) => expression.test(name));
    if (run.isOtherPackage) return classifyLikely(run.script);
    const ownScript = this.classifyScript(run.script);
    // A script named for a tool runs it, perhaps with settings of its own.
    if (ownScript === 'unknown') return classifyTool(run.script, run.args) ?? ownScript;
    if (ownScript) return ownScript;
    if (runsFile(program, run.script)) return undefined;
    return this.#isKnownByName(program, run.script)
      ? classifyLikely(run.script)
      : this.#classifyCommand([run.script, ...run.args], depth + 1);
  }

  /**
   * Returns whether an unknown script can only be judged by its name: npm runs only scripts, and a task runner such as
   * make does not know the scripts of a package.
   */
  #isKnownByName(program: string, script: string): boolean {
    const isScript = program === 'npm' || program === 'deno' || program === 'rushx';
    return isScript || (this.runner !== undefined && classifyName(script) !== 'unknown');
  }

  /** Classifies the scripts that a condition selects, as one command. */
  #classifySelected(isSelected: (name: string) => boolean): Classification {
    const names = [...this.scripts.keys()].filter(isSelected).slice(0, maxMatches);
    return combineClassifications(names.map((name) => this.classifyScript(name) ?? 'unknown'));
  }

  /** Classifies a call of the task runner whose targets are known, such as `make dev-api dev-web`. */
  #classifyOwnTargets(program: string, args: readonly string[]): Classification | undefined {
    if (program !== this.runner) return undefined;
    const own = args.flatMap((arg) => this.classifyScript(arg) ?? []);
    if (own.length === 0) return undefined;
    const combined = combineClassifications(own);
    // A target with arguments of its own does what these say: `just run migrate --all`.
    const hasArguments = program !== 'make' && own.length < args.length;
    return hasArguments ? weakened(combined) : combined;
  }

  /** Classifies tools that run a command again whenever a file changes. */
  #classifyWatcher(program: string, args: readonly string[], depth: number): Classification | undefined {
    if (!/^(?:nodemon|onchange|chokidar|watchexec|entr|watch|supervisor)$/u.test(program)) return undefined;
    const option = args.findIndex((arg) => /^(?:-x|--exec|-c|--command|--)$/u.test(arg));
    const rest = option === -1 ? [] : args.slice(option + 1);
    const inner =
      args[option] === '--'
        ? this.#classifyCommand(rest, depth + 1)
        : this.classifyLine(rest.join(' '), depth + 1);
    if (inner === 'other' || inner === 'server') return inner;
    return /^(?:nodemon|supervisor)$/u.test(program) ? 'likely' : inner;
  }
}

/** Returns whether a package manager runs a file: `bun` and `deno` do, npm runs only scripts. */
function runsFile(program: string, script: string): boolean {
  return /^(?:bun|deno)$/u.test(program) && (/[./]/u.test(script) || script === 'serve');
}

/** Returns the regular expression with which pnpm selects scripts: `/^dev:/`. */
function scriptExpression(script: string): RegExp | undefined {
  const source = /^\/(.{1,200})\/$/u.exec(script)?.[1];
  // Nested repetitions could take too long.
  if (source === undefined || /\)[*+{]/u.test(source)) return undefined;
  try {
    return new RegExp(source, 'u');
  } catch {
    return undefined;
  }
}

/** Returns the lines that `concurrently` runs, without the values of its options. */
function concurrentlyLines(args: readonly string[]): string[] {
  const withValue =
    /^(?:-[ncplsmi]|--(?:names|prefix-colors|prefix|prefix-length|success|max-processes|restart-tries|restart-after|handle-input|default-input-target|hide|teardown|timestamp-format))$/u;
  return args.filter((arg, index) => !arg.startsWith('-') && !withValue.test(args[index - 1] ?? ''));
}

/** Words of a shell before a command. */
const startsCommand = /^(?:then|else|do|!|\{)$/u;

const endsBlock = /^(?:fi|done|esac|\})$/u;

/** Returns whether words only ask for something, as in `if [ -f .env ]` or `command -v air`. */
function isCondition([first = '', second = '']: readonly string[]): boolean {
  return (
    /^(?:if|elif|while|until|for|case|which|type|hash)$/u.test(first) ||
    (first === 'command' && /^-[vV]$/u.test(second))
  );
}

/** Returns whether a name matches a pattern with wildcards. */
function matchesStars(pattern: string, name: string): boolean {
  const [start = '', ...parts] = pattern.split(/\*+/u);
  const end = parts.pop() ?? '';
  if (!name.startsWith(start) || !name.endsWith(end)) return false;
  let at = start.length;
  for (const part of parts) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= name.length - end.length;
}
