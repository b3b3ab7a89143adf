import type { Classification } from '../../scripts/classification.js';
import { CommandClassifier } from '../../scripts/classifyCommand.js';
import type { FileParser, Findings, FolderFacts, FoundFile, FoundServer } from '../../files/fileParser.js';
import { classifyName } from '../../scripts/nameWords.js';
import { ancestorFolders, baseName, folderOf, joinPath, relativeTo } from '../../files/relativePath.js';
import { guideLines } from '../shared/guideLines.js';
import { packageScripts } from '../shared/packageScripts.js';
import { noFindings, unreadableFile } from '../shared/findings.js';
import { sizeProblem } from '../shared/sourceText.js';
import type { Translator } from '../../../core/common.js';

/** Port that foreman gives to the first process, and the increment for each further one. */
const firstPort = 5000;
const portStep = 100;

/** Commands that may run a script of the package next to a Procfile. */
const runsScript = /\b(?:npm|yarn|pnpm|bun)\s/u;

/** Procfiles for deployment. All others are for development, where every process is part of a run. */
const deploymentFile =
  /^Procfile(?:\.(?:prod|production|staging|heroku|release|deploy|ci|test|cf|fly|render|dokku|scalingo|railway))?$/iu;

/** A script that a process of a Procfile runs, or a text about it. */
const otherFile = /\.(?:sh|bash|md|txt|py|rb|js)$/u;

/** A file for containers or another machine, whose commands listen for them. Its name says what it is for. */
const containerFile = /^Procfile\.(?:docker|container|compose|vagrant)$/u;

const developmentFile = /^Procfile\.(?:dev|development|local)$/u;

/** A tool that starts all processes of a Procfile. */
interface Starter {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
}

/** Tools by the file that installs them for the project. */
const starters: readonly (Starter & { readonly file: string; readonly requires: RegExp })[] = [
  {
    name: 'foreman',
    file: 'Gemfile',
    requires: /^[ \t]*gem\s+["']foreman["']/mu,
    program: 'bundle',
    args: ['exec', 'foreman'],
  },
  { name: 'honcho', file: 'requirements.txt', requires: /^honcho\b/mu, program: 'honcho', args: [] },
  { name: 'honcho', file: 'requirements-dev.txt', requires: /^honcho\b/mu, program: 'honcho', args: [] },
];

/** Finds the processes of Procfiles that serve. */
export const procfileParser: FileParser = {
  source: 'procfile',
  patterns: ['Procfile', 'Procfile.*'],
  parse: (file, facts) => {
    if (otherFile.test(file.path)) return noFindings;
    const tooLarge = sizeProblem(file.text, facts.l10n);
    return tooLarge === undefined ? parseProcesses(file, facts) : unreadableFile(tooLarge);
  },
};

function parseProcesses({ path, text }: FoundFile, facts: FolderFacts): Findings {
  const { l10n } = facts;
  if (isOfHanami(path, facts)) return noFindings;
  const purpose = purposeOf(path);
  const isDeployed = purpose === 'production';
  const hasScript = startsProcfile(path, facts);
  const whole = hasScript ? undefined : wholeFile(path, facts);
  const traits = {
    purpose,
    // The project starts all processes together, with its own script or with a tool that it installs.
    ...((hasScript || whole !== undefined) && { isGuess: true }),
  } as const;
  const { processes, problems } = processesIn(text, l10n);
  const classifier = classifierOf({ path, text }, facts);
  const servers: FoundServer[] = [];
  for (const [index, [name, command]] of processes.entries()) {
    const port = firstPort + portStep * index;
    if (isServerProcess(name, classifier.classifyLine(command), isDeployed))
      servers.push({ ...processServer(name, command, port), traits });
  }
  return {
    servers: [...wholeServer(whole, servers, processes.length), ...servers],
    problems: summarized(problems, (count) => l10n.t('{0} more lines are not valid.', count)),
  };
}

function purposeOf(path: string): 'production' | 'otherSystem' | 'development' {
  if (isForDeployment(path)) return 'production';
  return containerFile.test(baseName(path)) ? 'otherSystem' : 'development';
}

/** Returns whether a file is for deployment. In a folder of settings, it is unless its name says otherwise. */
function isForDeployment(path: string): boolean {
  const name = baseName(path);
  return deploymentFile.test(name) || (baseName(folderOf(path)) === 'config' && !developmentFile.test(name));
}

/** Returns the server that runs all processes, if one of them serves or the guide of the project names its command. */
function wholeServer(
  whole: WholeFile | undefined,
  servers: readonly FoundServer[],
  processCount: number,
): FoundServer[] {
  const isListed = servers.length > 0 || (whole?.isNamed === true && processCount > 0);
  return whole !== undefined && isListed ? [withRun(whole.server, servers)] : [];
}

function processesIn(
  text: string,
  l10n: Translator,
): {
  readonly processes: readonly (readonly [name: string, command: string])[];
  readonly problems: string[];
} {
  const processes: (readonly [string, string])[] = [];
  const problems: string[] = [];
  for (const [index, line] of text.split(/\r?\n/u).entries()) {
    if (/^\s*(?:#|$)/u.test(line)) continue;
    const [, name, command] = /^\s*([\w-]+)\s*:\s*(\S.*)$/u.exec(line) ?? [];
    if (name === undefined || command === undefined)
      problems.push(l10n.t('Line {0} does not have the form "name: command".', index + 1));
    else processes.push([name, command.trim()]);
  }
  return { processes, problems };
}

/** Returns a classifier that knows the scripts that a Procfile may run. */
function classifierOf({ path, text }: FoundFile, facts: FolderFacts): CommandClassifier {
  return new CommandClassifier(runsScript.test(text) ? packageScripts(folderOf(path), facts) : new Map());
}

/** Files next to a Procfile that may start its processes: the usual script of Rails, and task runners. */
const starting: readonly string[] = ['bin/dev', 'Makefile', 'justfile'];

/** Returns whether a script or target of the project starts the processes of this file together. */
function startsProcfile(path: string, facts: FolderFacts): boolean {
  const folder = folderOf(path);
  const name = baseName(path);
  const isStarted = starting.some((file) => {
    const text = facts.text(joinPath(folder, file));
    // The name `Procfile` is also mentioned where nothing starts it.
    return text?.includes(name) === true && (file === 'bin/dev' || name !== 'Procfile');
  });
  return isStarted || isStartedAbove(path, facts);
}

/** Returns whether the usual script of a folder above names a file in another folder. */
function isStartedAbove(path: string, facts: FolderFacts): boolean {
  return ancestorFolders(folderOf(path))
    .slice(1)
    .some((above) => facts.text(joinPath(above, 'bin/dev'))?.includes(relativeTo(above, path)) === true);
}

/** Returns whether `hanami dev` starts the processes. */
function isOfHanami(path: string, facts: FolderFacts): boolean {
  return (
    baseName(path) === 'Procfile.dev' &&
    /^[ \t]*gem\s+["']hanami["']/mu.test(facts.text(joinPath(folderOf(path), 'Gemfile')) ?? '')
  );
}

/** All processes of a file together. */
interface WholeFile {
  readonly server: FoundServer;
  /** Whether a guide of the project names the command. Then the processes do not matter. */
  readonly isNamed: boolean;
}

/**
 * Returns the server that runs all processes together, if the project installs a tool for that, or its guide names one.
 */
function wholeFile(path: string, facts: FolderFacts): WholeFile | undefined {
  const folder = folderOf(path);
  const file = baseName(path);
  // Other files are for deployments that the tool does not run.
  if (file !== 'Procfile' && !developmentFile.test(file)) return undefined;
  const names = facts.names(folder);
  const installed = starters.find(
    (each) => names.has(each.file) && each.requires.test(facts.text(joinPath(folder, each.file)) ?? ''),
  );
  const starter = installed ?? namedStarter(folder, facts);
  if (starter === undefined) return undefined;
  const isDeployed = file === 'Procfile' && isNextToDevelopment(folder, installed !== undefined, facts);
  const args = [...starter.args, 'start', ...(file === 'Procfile' ? [] : ['-f', file])];
  const server: FoundServer = {
    name: [starter.name, 'start', ...(file === 'Procfile' ? [] : [file])].join(' '),
    command: { kind: 'argv', file: starter.program, args },
    traits: { purpose: isDeployed ? 'production' : 'development' },
  };
  return { server, isNamed: installed === undefined };
}

/**
 * Returns whether the plain Procfile of a folder is for deployment: there is one for development, or `bin/dev` starts
 * the server and no guide names the tool that starts the Procfile.
 */
function isNextToDevelopment(folder: string, isInstalled: boolean, facts: FolderFacts): boolean {
  if ([...facts.names(folder)].some((name) => developmentFile.test(name))) return true;
  const hasScript = facts.names(joinPath(folder, 'bin')).has('dev');
  return isInstalled && hasScript && namedStarter(folder, facts) === undefined;
}

/** A command that starts the processes of the Procfile next to the guide. */
const namedStart = /(?<=^|[\s`$])(?:foreman|goreman|forego|honcho|overmind|hivemind)(?= start(?:[\s`]|$))/u;

function namedStarter(folder: string, facts: FolderFacts): Starter | undefined {
  const [name] = guideLines(folder, facts).flatMap((line) => namedStart.exec(line)?.[0] ?? []);
  return name === undefined ? undefined : { name, program: name, args: [] };
}

/**
 * Adds the line of the process `web`, or of the only process that serves, so that another description of that server is
 * recognized as the same.
 */
function withRun(whole: FoundServer, processes: readonly FoundServer[]): FoundServer {
  const main =
    processes.find(({ name }) => name === 'web') ?? (processes.length === 1 ? processes[0] : undefined);
  return main?.command.kind === 'shell'
    ? { ...whole, traits: { ...whole.traits, runs: main.command.line } }
    : whole;
}

/** Returns whether a process serves; `release` is a step of a deployment. */
function isServerProcess(name: string, classification: Classification, isDeployed: boolean): boolean {
  if (name === 'release') return false;
  if (name === 'web') return true;
  if (!isDeployed) return classification !== 'other';
  return classification === 'server' || (classification !== 'other' && classifyName(name) === 'server');
}

/** Returns the server of a process. Runners of Procfiles pass each process a port, which only some commands use. */
function processServer(name: string, line: string, port: number): FoundServer {
  const command = { kind: 'shell', line } as const;
  const asksForPort = /\$(?:PORT\b|\{PORT\})/u.test(line) && !/(?:^|\s)(?:export\s+)?PORT=/u.test(line);
  return asksForPort ? { name, command, port, env: { PORT: String(port) } } : { name, command };
}

/** Reports the first problem and the number of the others: a file that is not a Procfile has many invalid lines. */
function summarized(problems: readonly string[], more: (count: number) => string): string[] {
  const [first, ...others] = problems;
  if (first === undefined) return [];
  return others.length === 0 ? [first] : [first, more(others.length)];
}
