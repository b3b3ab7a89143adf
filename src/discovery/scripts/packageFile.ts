import { CommandClassifier } from './classifyCommand.js';
import { maxScriptsRead } from '../files/limits.js';
import { ownPrograms, triesOutProgram, type OwnPrograms } from './ownProgram.js';
import { otherScripts } from './otherScripts.js';
import { classifyName } from './nameWords.js';
import { scriptNameProblem } from './scriptName.js';
import { isServerScript, scriptRank } from './serverScripts.js';
import { isObject } from '../files/isObject.js';
import { shortJson } from '../files/shortJson.js';
import type { Translator } from '../../core/common.js';
import { strictJsonProblem } from '../files/jsonError.js';

/** A script of a `package.json`. */
interface NamedScript {
  readonly name: string;
  /** The line that a shell runs. */
  readonly body: string;
  /** Whether it only runs scripts of other packages, and their names do not indicate a server. */
  readonly isGuess?: boolean;
  /** Scripts that run with it. */
  readonly others: ReturnType<typeof otherScripts>;
}

/** Servers in a `package.json`. */
interface PackageFile {
  readonly name?: string;
  /** Scripts that start a server, the most common names first. */
  readonly scripts: readonly NamedScript[];
  /** Problems, each of them a sentence. */
  readonly problems: readonly string[];
}

/** Words in a command that runs scripts of other packages. */
const selectsPackages =
  /(?:^|\s)(?:turbo|lerna|workspaces?|-[rFw]|--(?:filter|recursive|workspaces?))(?:[\s=]|$)/u;

/**
 * Parses a `package.json`. Never throws: invalid parts become problems, and the rest is used. A package that processes
 * jobs, a tool or a library serves only if its commands certainly do: `wrangler dev`, but not `tsx watch index.ts`.
 */
export function parsePackageFile(
  text: string,
  l10n: Translator,
  { isWorker = false, asRun = (line) => line }: Partial<Omit<PackageFacts, 'programs'>> = {},
): PackageFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { scripts: [], problems: [strictJsonProblem(text, error, l10n)] };
  }
  if (!isObject(value)) return { scripts: [], problems: [l10n.t('It is not a JSON object.')] };
  const { name } = value;
  return {
    ...readScripts(value['scripts'], { programs: ownPrograms(value), isWorker, asRun }, l10n),
    ...(typeof name === 'string' && { name }),
  };
}

/** What is known about a package besides its scripts. */
interface PackageFacts {
  readonly programs: OwnPrograms;
  readonly isWorker: boolean;
  /** Returns the line that a script runs according to other files, such as settings. */
  readonly asRun: (line: string) => string;
}

function readScripts(
  scripts: unknown,
  { programs, isWorker, asRun }: PackageFacts,
  l10n: Translator,
): PackageFile {
  if (scripts === undefined) return { scripts: [], problems: [] };
  if (!isObject(scripts)) return { scripts: [], problems: [l10n.t('"scripts" is not an object.')] };
  // Entries instead of property access, so that a script named `__proto__` is a script like any other.
  const entries = Object.entries(scripts);
  const read = entries.slice(0, maxScriptsRead);
  const siblings = new Set(read.map(([name]) => name));
  const lines = new Map(
    read.flatMap(([name, body]) => (typeof body === 'string' ? [[name, body] as const] : [])),
  );
  const classifier = new CommandClassifier(new Map([...lines].map(([name, body]) => [name, asRun(body)])));
  const isGuess = (name: string): boolean =>
    classifier.classifyScript(name) === 'unknown' &&
    classifyName(name) === 'unknown' &&
    selectsPackages.test(lines.get(name) ?? '');
  // A library may start its examples, which are packages of their own.
  const mustCertainlyServe = (body: unknown): boolean =>
    isWorker || programs.isTool || (programs.isLibrary && !selectsPackages.test(String(body)));
  const named = read.filter(
    ([name, body]) =>
      !/^(?:_|\/\/)/u.test(name) &&
      (isServerScript(name, siblings, classifier) || isGuess(name)) &&
      !(typeof body === 'string' && triesOutProgram(body, programs)) &&
      !(mustCertainlyServe(body) && classifier.classifyScript(name) !== 'server'),
  );
  const candidates = named.map(([name, body]) => ({ name, body, problem: scriptProblem(name, body, l10n) }));
  const usable = candidates.flatMap(({ name, body, problem }) =>
    problem === undefined && typeof body === 'string'
      ? { name, body, ...(isGuess(name) && { isGuess: true }), others: otherScripts(name, lines) }
      : [],
  );
  const problems = candidates.flatMap(({ problem }) => problem ?? []);
  if (entries.length > maxScriptsRead) {
    problems.push(l10n.t('It has {0} scripts; only the first {1} are read.', entries.length, maxScriptsRead));
  }
  const ranked = usable.toSorted((one, other) => scriptRank(one.name) - scriptRank(other.name));
  return { scripts: ranked, problems };
}

function scriptProblem(name: string, command: unknown, l10n: Translator): string | undefined {
  const reason = commandProblem(command, l10n) ?? scriptNameProblem(name, l10n);
  // As JSON, so that control characters in a name stay visible and harmless.
  return reason && l10n.t('The script {0} was ignored: {1}.', shortJson(name), reason);
}

function commandProblem(command: unknown, l10n: Translator): string | undefined {
  if (typeof command !== 'string') return l10n.t('its command is not a string');
  return command.trim() === '' ? l10n.t('its command is empty') : undefined;
}
