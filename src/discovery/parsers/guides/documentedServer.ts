import { lineOf } from '../../../core/commandLine/parse.js';
import type { FoundServer } from '../../files/fileParser.js';
import { ancestorFolders } from '../../files/relativePath.js';
import type { Classification } from '../../scripts/classification.js';
import { CommandClassifier } from '../../scripts/classifyCommand.js';
import { commandName } from '../../scripts/classifyTool.js';
import { otherScripts } from '../../scripts/otherScripts.js';
import { argumentPrefix, runCommand } from '../../scripts/packageManager.js';
import { isPackageManager, packageRun } from '../../scripts/packageRun.js';
import { scriptNameProblem } from '../../scripts/scriptName.js';
import { argumentProblem } from '../shared/findings.js';
import { declaredProgram } from '../python/python.js';
import { documentedCompose, isCompose } from './documentedCompose.js';
import { guideCall } from './guideCall.js';
import type { GuideCommand } from './guideCommands.js';
import type { GuidedProject } from './guidedProject.js';
import { declaresProgram, runsProject } from './runsProject.js';
import { describesServer } from './describesServer.js';

type Server = Pick<FoundServer, 'name' | 'command' | 'script'>;

const classifier = new CommandClassifier(new Map());

/** Subcommands that serve. */
const servingCommand = /^(?:serve|server|runserver)$/u;

/**
 * Returns the server that a command of a guide starts. It runs in the folder of the command, or else in the nearest
 * folder, from that of the guide upwards, where it runs a part of the project. `undefined` for other work, and for
 * programs that are only installed.
 */
export function documentedServer(command: GuideCommand, project: GuidedProject): FoundServer | undefined {
  const call = guideCall(command.line);
  if (call === undefined) return undefined;
  const { words, env } = call;
  const folder = project.folderAfter([...command.path, ...call.path]);
  for (const directory of new Set([folder, ...ancestorFolders(project.folder)])) {
    const server = runsScript(words)
      ? documentedScript(words, directory, command, project)
      : documentedProgram(words, directory, command, project);
    if (server) {
      const location = { directory, folder: directory, textInFile: command.line };
      return { ...server, ...location, ...(Object.keys(env).length > 0 && { env }) };
    }
  }
  return undefined;
}

function classifyRun(run: readonly string[]): Classification {
  const classification = classifier.classifyLine(lineOf(run));
  const isNamed = run.slice(1).some((word) => servingCommand.test(word));
  return classification === 'unknown' && isNamed ? 'likely' : classification;
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
  const run = packageRun(commandName(first), args);
  if (run === undefined || run.isOtherPackage || run.args.length > 0) return undefined;
  const { script: name } = run;
  const { scripts, classifier: ofPackage } = project.packageIn(folder);
  const body = scripts.get(name);
  const classification = ofPackage.classifyScript(name);
  if (body === undefined || classification === undefined || classification === 'other') return undefined;
  if (scriptNameProblem(name, project.facts.l10n) !== undefined) return undefined;
  if (!describesServer(command, classification)) return undefined;
  const agent = project.agentIn(folder);
  return {
    name,
    command: runCommand(agent, name),
    script: { body, argumentPrefix: argumentPrefix(agent), others: otherScripts(name, scripts) },
  };
}

function documentedProgram(
  words: readonly string[],
  folder: string,
  command: GuideCommand,
  project: GuidedProject,
): Server | undefined {
  const run = isCompose(words) ? documentedCompose(words, folder, project) : words;
  if (run === undefined || (run === words && !runsProject(words, folder, project))) return undefined;
  const classification = classifyRun(run);
  if (classification === 'other' || !describesServer(command, classification)) return undefined;
  const { l10n } = project.facts;
  const isUsable = run.every((word) => argumentProblem(word.replace(/^-+/u, ''), l10n) === undefined);
  const isDeclared = declaresProgram(run[0] ?? '', folder, project);
  const [file = '', ...args] = isDeclared ? declaredProgram(folder, run, project.facts) : run;
  return isUsable ? { name: lineOf(run), command: { kind: 'argv', file, args } } : undefined;
}
