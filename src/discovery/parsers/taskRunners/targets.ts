import type { Findings, FolderFacts, FoundServer } from '../../files/fileParser.js';
import { shortJson } from '../../files/shortJson.js';
import { CommandClassifier } from '../../scripts/classifyCommand.js';
import { scriptNameProblem } from '../../scripts/scriptName.js';
import { isServerScript } from '../../scripts/serverScripts.js';
import { splitName } from '../../scripts/nameWords.js';
import { startsSeveral } from '../../scripts/startsSeveral.js';
import { maxFindingsPerFile } from '../shared/findings.js';
import { withBuiltPrograms } from './builtPrograms.js';
import { linesOfShellScript, withoutPreparations } from './shellScripts.js';

/** A target of a task runner, with the lines that it runs. */
export interface Target {
  readonly name: string;
  readonly lines: readonly string[];
  /** Words that call it in the task runner; its name if missing. */
  readonly call?: readonly string[];
  /** Whether only other targets run it. */
  readonly isHidden?: boolean;
  /** Whether it is another way to start a server that another file describes. */
  readonly isOtherWay?: boolean;
}

/** A task runner, and the command that runs one of its targets. */
interface TaskRunner {
  readonly program: string;
  /** Arguments before the name of the target. */
  readonly args?: readonly string[];
  /** Program and arguments that start the task runner itself, e.g. `bundle exec`. */
  readonly launcher?: readonly [string, ...string[]] | undefined;
  /** Folder of its file, if its targets run there. */
  readonly folder?: string;
}

/** Names of targets that run a program for development, even if the command does not show that it serves. */
const runWords: ReadonlySet<string> = new Set(
  'run up watch dev develop devserver runserver serve server start api backend frontend web'.split(' '),
);

/**
 * A program of the project that an interpreter or a watcher runs. The name of the target then says whether it serves.
 */
const runsProgram =
  /\b(?:python[\d.]*|node|ruby|bun|deno|java|php|tsx)\s|\b(?:go|cargo|dotnet|swift|stack|cabal)\s+(?:run|watch)\b|\b(?:reflex|modd|gow|wgo|CompileDaemon)\s/u;

/** A Python task runner, whose own files say what its tasks do. */
const runsTask = /\b(?:nox|tox|invoke|inv)[ \t]/u;

/** A program that is built and run with a subcommand that serves. */
const startsServer =
  /\b(?:cargo|go|dotnet)[ \t]+run\b[^\n]{0,300}[ \t](?:serve|server|start|web|runserver)(?=\s|$)/u;

/**
 * Returns the targets that start a server, according to what they run. A target that runs a program of the project,
 * such as `go run .`, counts if another source knows that the program serves.
 */
export function targetServers(
  targets: readonly Target[],
  { program, args = [], launcher, folder }: TaskRunner,
  facts: FolderFacts,
): Findings {
  const { l10n } = facts;
  const bodies = new Map(targets.map(({ name, lines }) => [name, lines.join('\n')]));
  const classifier = new CommandClassifier(bodies, program);
  const shown = (runs: string): string => {
    const needed = withoutOtherTargets(withBuiltPrograms(runs, program, bodies), program, classifier);
    const all = withoutPreparations(needed);
    return folder === undefined ? all : (linesOfShellScript(all, folder, facts) ?? all);
  };
  const [file = program, ...first] = launcher === undefined ? [] : [...launcher, program];
  const callOf = callsOf(targets);
  const servers: FoundServer[] = [];
  const problems: string[] = [];
  const otherWays = new Set(targets.filter(({ isOtherWay }) => isOtherWay).map(({ name }) => name));
  const hidden = new Set(targets.filter(({ isHidden }) => isHidden).map(({ name }) => name));
  for (const [name, runs] of bodies) {
    if (hidden.has(name)) continue;
    const certainty = certaintyOf(name, runs, classifier);
    if (certainty === undefined) continue;
    const reason = scriptNameProblem(name, l10n);
    if (reason !== undefined)
      problems.push(l10n.t('The task {0} was ignored: {1}.', shortJson(name), reason));
    else
      servers.push({
        name: [program, name].join(' '),
        command: { kind: 'argv', file, args: [...first, ...args, ...callOf(name)] },
        traits: {
          runs: shown(runs),
          ...((certainty === 'guess' || otherWays.has(name)) && { isGuess: true }),
        },
      });
  }
  return { servers: servers.slice(0, maxFindingsPerFile), problems };
}

/** Returns what a target runs, without the calls of other targets that certainly do not serve. */
function withoutOtherTargets(runs: string, program: string, classifier: CommandClassifier): string {
  const isOther = (line: string): boolean => {
    const [first, name = '', ...others] = line.trim().split(/\s+/u);
    return first === program && others.length === 0 && classifier.classifyScript(name) === 'other';
  };
  const lines = runs.split('\n');
  const remaining = lines.filter((line, index) => index === lines.length - 1 || !isOther(line));
  return remaining.join('\n');
}

/** Returns a function that returns the words that call a target. */
function callsOf(targets: readonly Target[]): (name: string) => readonly string[] {
  const calls = new Map(targets.map(({ name, call }) => [name, call]));
  return (name) => calls.get(name) ?? [name];
}

/** Returns whether a target certainly or possibly serves; `undefined` for other work. */
function certaintyOf(
  name: string,
  runs: string,
  classifier: CommandClassifier,
): 'server' | 'guess' | undefined {
  const classification = classifier.classifyScript(name);
  const isUnknown = classification === 'unknown';
  // A watching compiler does not serve.
  if (classification !== 'server' && splitName(name).includes('watch')) return undefined;
  const isServer = isServerScript(name, new Set(), classifier);
  if (isUnknown) return certaintyOfProgram(name, runs, isServer);
  return isServer ? 'server' : undefined;
}

/**
 * Returns whether a target that runs a program of the project serves. A target with a name such as `preview` may only
 * render.
 */
function certaintyOfProgram(name: string, runs: string, isServer: boolean): 'server' | 'guess' | undefined {
  const isNamed = splitName(name).some((word) => runWords.has(word));
  const isProgram = runsProgram.test(runs);
  // No other work is done in the background, next to a program.
  const mayServe = isServer && (isProgram || startsSeveral(runs));
  if (isNamed && (mayServe || startsServer.test(runs))) return 'server';
  return isNamed || isProgram || runsTask.test(runs) ? 'guess' : undefined;
}
