import { lineOf } from '../../../core/commandLine/parse.js';
import type { FoundServer } from '../../files/fileParser.js';
import { areInExample } from '../../files/exampleFolder.js';
import { ancestorFolders } from '../../files/relativePath.js';
import { commandName } from '../../scripts/classifyTool.js';
import { splitName } from '../../scripts/nameWords.js';
import { otherScripts } from '../../scripts/otherScripts.js';
import { argumentPrefix, runCommand } from '../../scripts/packageManager.js';
import { isPackageManager, packageRun } from '../../scripts/packageRun.js';
import { scriptNameProblem } from '../../scripts/scriptName.js';
import { unwrapped } from '../../scripts/unwrapLauncher.js';
import { runsMissingSource } from '../shared/missingSource.js';
import { argumentProblem } from '../shared/findings.js';
import { declaredProgram } from '../python/python.js';
import { classifyRun } from './classifyRun.js';
import { composeOfTarget, documentedCompose, isCompose, runsImages } from './documentedCompose.js';
import { guideCall } from './guideCall.js';
import type { GuideCommand } from './guideCommands.js';
import type { GuidedProject } from './guidedProject.js';
import { declaresProgram, fileOfProgram, runsProject } from './runsProject.js';
import { describesServer } from './describesServer.js';

type Server = Pick<FoundServer, 'name' | 'command' | 'script' | 'traits'>;

/**
 * Returns the server that a command of a guide starts. It runs in the folder of the command, or else in the nearest
 * folder, from that of the guide upwards, where it runs a part of the project. `undefined` for other work, and for
 * programs that are only installed.
 */
export function documentedServer(command: GuideCommand, project: GuidedProject): FoundServer | undefined {
  const call = guideCall(command.line);
  if (call === undefined) return undefined;
  const { words, env } = call;
  const path = [...command.path, ...call.path];
  for (const directory of foldersFor(path, project)) {
    const server = runsScript(words)
      ? documentedScript(words, directory, command, project)
      : documentedProgram(words, directory, command, project);
    if (server) {
      const location = { directory, folder: directory, textInFile: command.line };
      const isMeant = isForDevelopment(server.name, directory, project);
      return {
        ...server,
        ...location,
        ...(Object.keys(env).length > 0 && { env }),
        ...(isMeant && { traits: { ...server.traits, purpose: 'development' } }),
      };
    }
  }
  return undefined;
}

/** Returns the folders in which a command may run, after these changes of the folder, the nearest first. */
function foldersFor(path: readonly string[], project: GuidedProject): ReadonlySet<string> {
  const above = ancestorFolders(project.folder);
  const entered = path.length === 0 ? [] : above.slice(1).map((folder) => project.folderAfter(path, folder));
  return new Set([project.folderAfter(path), ...entered, ...above]);
}

/** Words in names of scripts that run a system itself. */
const runsSystem = /^(?:start|serve|server|run|up|preview)$/u;

/**
 * Returns whether a name begins with the system whose data a server for development uses: `prod:web`, but not
 * `prod:start`.
 */
function usesSystem(name: string): boolean {
  const script = name.split(' ').at(-1) ?? '';
  if (!/^(?:prod|production|staging):/u.test(script)) return false;
  const [, ...rest] = splitName(script);
  return rest.length > 0 && !rest.some((word) => runsSystem.test(word));
}

/**
 * Returns whether a guide names a server that its name or its folder would exclude: one that uses data of another
 * system, or an example that the project above it develops.
 */
function isForDevelopment(name: string, directory: string, project: GuidedProject): boolean {
  const isExample = areInExample(directory.split('/')) && !areInExample(project.folder.split('/'));
  return isExample || usesSystem(name);
}

function runsScript([first = '']: readonly string[]): boolean {
  const program = commandName(first);
  return isPackageManager(program) && program !== 'deno';
}

function documentedScript(
  [first = '', ...args]: readonly string[],
  folder: string,
  command: GuideCommand,
  project: GuidedProject,
): Server | undefined {
  const name = ownScript(commandName(first), args);
  if (name === undefined) return undefined;
  const { scripts, classifier: ofPackage } = project.packageIn(folder);
  const body = scripts.get(name);
  const classification = ofPackage.classifyScript(name);
  if (body === undefined || classification === undefined || classification === 'other') return undefined;
  const { facts } = project;
  if (scriptNameProblem(name, facts.l10n) !== undefined || runsMissingSource(body, folder, facts))
    return undefined;
  if (!describesServer(command, classification)) return undefined;
  const agent = project.agentIn(folder);
  return {
    name,
    command: runCommand(agent, name),
    script: { body, argumentPrefix: argumentPrefix(agent), others: otherScripts(name, scripts) },
  };
}

/** Returns the script of the package in its folder that a command runs without arguments. */
function ownScript(manager: string, managerArgs: readonly string[]): string | undefined {
  const { script, args = [], isOtherPackage = false } = packageRun(manager, managerArgs) ?? {};
  return isOtherPackage || args.length > 0 ? undefined : script;
}

function documentedProgram(
  words: readonly string[],
  folder: string,
  command: GuideCommand,
  project: GuidedProject,
): Server | undefined {
  const compose = isCompose(words) ? words : composeOfTarget(words, folder, project);
  const run = compose === undefined ? words : documentedCompose(compose, folder, project);
  if (run === undefined || (run === words && !runsProject(words, folder, project))) return undefined;
  if (!startsServer(run, folder, command, project)) return undefined;
  const { l10n } = project.facts;
  if (run.some((word) => argumentProblem(word.replace(/^-+/u, ''), l10n) !== undefined)) return undefined;
  const isReleased = runsImages(run, folder, project);
  const file = fileOfProgram(unwrapped(run), folder, project);
  return {
    name: lineOf(run),
    command: commandOf(run, folder, project),
    ...(isReleased && { traits: { isReleased } }),
    ...(file !== undefined && { traits: { entries: [file] } }),
  };
}

/** Returns whether a command starts a server, by what it says and by what the guide says about it. */
function startsServer(
  run: readonly string[],
  folder: string,
  command: GuideCommand,
  project: GuidedProject,
): boolean {
  const classification = classifyRun(run, folder, project);
  const [program = ''] = run;
  const own = declaresProgram(program, folder, project) ? program : undefined;
  return classification !== 'other' && describesServer(command, classification, own);
}

/** Returns the command that runs a program, in the environment of the project that declares it. */
function commandOf(run: readonly string[], folder: string, project: GuidedProject): FoundServer['command'] {
  const [program = ''] = run;
  const isDeclared = declaresProgram(program, folder, project);
  const [file = '', ...args] = isDeclared ? declaredProgram(folder, run, project.facts) : run;
  return { kind: 'argv', file, args };
}
