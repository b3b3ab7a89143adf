import { unwrapLauncher } from './launchers.js';
import { classifyName, splitName } from './nameWords.js';
import { isPackageManager, packageRun } from './packageRun.js';
import { classifyRunner } from './runners.js';
import { commandName, classifyTool } from './classifyTool.js';
import { splitCommands } from '../../core/commandLine/parse.js';
import { strongest, type Classification } from './classification.js';

/** Launchers within launchers; nobody writes more. */
const maxDepth = 8;

/** Scripts that one pattern such as `dev:*` may stand for. */
const maxMatches = 50;

/** Tells what the scripts of one package do, each by its command and by those of the scripts that it runs. */
export class CommandClassifier {
  readonly #known = new Map<string, Classification>();

  constructor(private readonly scripts: ReadonlyMap<string, string>) {}

  /** What a script does; `undefined` when there is none of that name. */
  of(name: string): Classification | undefined {
    const body = this.scripts.get(name);
    if (body === undefined) return undefined;
    const known = this.#known.get(name);
    if (known) return known;
    // Scripts may run each other in a circle.
    this.#known.set(name, 'unknown');
    const verdict = this.line(body);
    this.#known.set(name, verdict);
    return verdict;
  }

  /** What a line for a shell does. */
  line(line: string, depth = 0): Classification {
    if (depth > maxDepth) return 'unknown';
    return strongest(splitCommands(line).map((words) => this.#command(words, depth)));
  }

  #command(words: readonly string[], depth: number): Classification {
    if (depth > maxDepth || words.length === 0) return 'unknown';
    const behind = unwrapLauncher(words);
    if (behind?.kind === 'line') return this.line(behind.line, depth + 1);
    if (behind) return this.#command(behind.words, depth + 1);
    const [first = '', ...args] = words;
    if (first.includes(' ')) return this.line(first, depth + 1);
    return this.#program(commandName(first), args, depth) ?? pathVerdict(first);
  }

  #program(program: string, args: readonly string[], depth: number): Classification | undefined {
    return (
      this.#several(program, args, depth) ??
      this.#packageManager(program, args, depth) ??
      this.#watcher(program, args, depth) ??
      taskVerdict(program, args) ??
      classifyTool(program, args) ??
      classifyRunner(program, args, (tool, rest) => this.#command([tool, ...rest], depth + 1))
    );
  }

  /** Tools that run several scripts or lines. */
  #several(program: string, args: readonly string[], depth: number): Classification | undefined {
    if (program === 'concurrently' || program === 'conc')
      return strongest(linesOf(args).map((line) => this.#scriptOrLine(line, depth)));
    if (!/^(?:npm-run-all2?|run-[ps]|wireit)$/u.test(program)) return undefined;
    const patterns = args.filter((word) => !word.startsWith('-'));
    return strongest(patterns.flatMap((pattern) => this.#matching(pattern.split(' ')[0] ?? '')));
  }

  /** `npm:dev` and `npm:dev:*` mean scripts. */
  #scriptOrLine(line: string, depth: number): Classification {
    const pattern = /^(?:npm|yarn|pnpm|bun|node):(?<pattern>\S+)/u.exec(line)?.groups?.['pattern'];
    return pattern === undefined ? this.line(line, depth + 1) : strongest(this.#matching(pattern));
  }

  #matching(pattern: string): Classification[] {
    if (!pattern.includes('*')) return [this.of(pattern) ?? fromName(pattern)];
    const names = [...this.scripts.keys()].filter((name) => matchesStars(pattern, name));
    return names.slice(0, maxMatches).map((name) => this.of(name) ?? 'unknown');
  }

  #packageManager(program: string, args: readonly string[], depth: number): Classification | undefined {
    if (!isPackageManager(program)) return undefined;
    const run = packageRun(program, args);
    if (!run) return 'other';
    if (run.isElsewhere) return fromName(run.script);
    const own = this.of(run.script);
    if (own) return own;
    // `bun` and `deno` run files as well; npm runs nothing but scripts.
    if (/^(?:bun|deno)$/u.test(program) && (/[./]/u.test(run.script) || run.script === 'serve'))
      return undefined;
    return program === 'npm' || program === 'deno'
      ? fromName(run.script)
      : this.#command([run.script, ...run.args], depth + 1);
  }

  /** Tools that run something again whenever a file changes. */
  #watcher(program: string, args: readonly string[], depth: number): Classification | undefined {
    if (!/^(?:nodemon|onchange|chokidar|watchexec|entr|watch|supervisor)$/u.test(program)) return undefined;
    const option = args.findIndex((word) => /^(?:-x|--exec|-c|--command|--)$/u.test(word));
    const rest = option === -1 ? [] : args.slice(option + 1);
    const inner =
      args[option] === '--' ? this.#command(rest, depth + 1) : this.line(rest[0] ?? '', depth + 1);
    if (inner === 'other' || inner === 'server') return inner;
    return program === 'nodemon' || program === 'supervisor' ? 'likely' : inner;
  }
}

/** The lines that `concurrently` is given, without the values of its options. */
function linesOf(args: readonly string[]): string[] {
  const withValue =
    /^(?:-[ncplsmi]|--(?:names|prefix-colors|prefix|prefix-length|success|max-processes|restart-tries|restart-after|handle-input|default-input-target|hide|teardown|timestamp-format))$/u;
  return args.filter((word, index) => !word.startsWith('-') && !withValue.test(args[index - 1] ?? ''));
}

/** Runners of tasks, which are named like scripts: `turbo run dev`, `nx serve web`, `make dev`. */
function taskVerdict(program: string, args: readonly string[]): Classification | undefined {
  if (/^docker(?:-compose)?$|^podman(?:-compose)?$/u.test(program)) return containerVerdict(args);
  if (
    !/^(?:turbo|nx|lerna|moon|rush|rushx|make|just|task|gulp|grunt|mage|rake|wsrun|ultra|lage|bolt)$/u.test(
      program,
    )
  )
    return undefined;
  const named = args.filter((word) => !word.startsWith('-') && word !== 'run').map(fromName);
  return named.find((verdict) => verdict !== 'unknown') ?? 'unknown';
}

/** What runs in the background has ended for us. */
function containerVerdict(args: readonly string[]): Classification {
  const serves =
    args.includes('up') && !args.some((word) => /^(?:-d|--detach|--wait|--no-start)$/u.test(word));
  if (serves) return 'likely';
  return args.some((word) => word === 'run' || word === 'start') ? 'unknown' : 'other';
}

function fromName(name: string): Classification {
  const verdict = classifyName(name);
  return verdict === 'server' ? 'likely' : verdict;
}

/** A program of the project, by the name of its file: `./scripts/build.sh`, `bin/dev`. */
function pathVerdict(path: string): Classification {
  if (!path.includes('/')) return 'unknown';
  const file = path.slice(path.lastIndexOf('/') + 1);
  return splitName(file).length === 0 ? 'unknown' : fromName(file.replace(/\.\w+$/u, ''));
}

/** Whether a name is one that a pattern with stars stands for. */
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
