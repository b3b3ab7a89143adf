import { lineOf } from '../../../core/commandLine/parse.js';
import type { Classification } from '../../scripts/classification.js';
import { CommandClassifier } from '../../scripts/classifyCommand.js';
import { isSourceFile } from '../../scripts/sourceFile.js';
import { commandWords } from '../../scripts/unknownProgram.js';
import { unwrapped } from '../../scripts/unwrapLauncher.js';
import { classifyFirstWord, classifyName, splitName } from '../../scripts/nameWords.js';
import type { GuidedProject } from './guidedProject.js';
import { declaresProgram, fileOfProgram } from './runsProject.js';

const classifier = new CommandClassifier(new Map());

/** Subcommands that serve. */
const servingCommand = /^(?:serve|server|runserver)$/u;

/** Text of a program of the project that names an address, or starts a server. */
const listens =
  /\blocalhost\b|\b127\.0\.0\.1\b|(?:\b|_)PORT\b|\bserver\b|\b(?:npm|pnpm|yarn|bun) run (?:dev|prod|start|serve)\b/u;

/** A line that may start servers which outlive it. */
const mayStartServers = /\b(?:docker|podman|tmux|nohup|overmind)\b|&\s*$/mu;

/** Classifies a command of a guide in a folder, by what it says and by the files that it runs. */
export function classifyRun(run: readonly string[], folder: string, project: GuidedProject): Classification {
  if (doesOtherWork(run, folder, project) || runsOtherTarget(run, folder, project)) return 'other';
  if (runsServingProgram(run, folder, project)) return 'server';
  // Its name may also say that it builds what it serves.
  if (servesInSource(run, folder, project)) return 'likely';
  const classification = classifier.classifyLine(lineOf(run));
  if (classification !== 'unknown') return classification;
  const isNamed =
    run.slice(1).some((word) => servingCommand.test(word)) ||
    startsProgram(run, folder, project) ||
    startsAll(run, folder, project);
  return isNamed || listens.test(textOfProgram(run, folder, project)) ? 'likely' : 'unknown';
}

/** Launchers of the programs of a Python project, in its own environment. */
const projectLauncher = /^(?:uv|poetry|pdm|hatch|rye|pipenv)$/u;

/** Text of a module that starts a server of Python. */
const startsPythonServer = /\b(?:uvicorn|hypercorn|granian)\.|\bwaitress\b|\bserve_forever\(/u;

/**
 * Returns whether a command runs a program that the project declares, in the environment of the project, with a
 * subcommand that serves, or without one if its source starts a server: `uv run shop --reload`.
 */
function runsServingProgram(run: readonly string[], folder: string, project: GuidedProject): boolean {
  const called = unwrapped(run);
  const [program = '', ...args] = called;
  if (!projectLauncher.test(run[0] ?? '') || !declaresProgram(program, folder, project)) return false;
  if (servingCommand.test(commandWords(args)[0] ?? '')) return true;
  const file = fileOfProgram(called, folder, project);
  return file !== undefined && startsPythonServer.test(project.text(file, folder));
}

/** Returns whether a program that the project declares is called to run: `shop -c shop.cfg run`. */
function startsProgram(
  [program = '', ...args]: readonly string[],
  folder: string,
  project: GuidedProject,
): boolean {
  const isRun = commandWords(args).some((word) => word === 'run' || word === 'start');
  return isRun && declaresProgram(program, folder, project);
}

/** Returns whether `make` runs a target that serves, or one whose name says that it starts the project: `up`. */
function startsAll(run: readonly string[], folder: string, project: GuidedProject): boolean {
  if (runsCollection(run)) return true;
  const target = makeTarget(run);
  if (target === undefined) return false;
  const made = project.makeTarget(target, folder);
  return made?.classification === 'server' || (made !== undefined && splitName(target).includes('up'));
}

/** Returns whether Invoke runs a task such as `docker.up`, whose name says that it starts the project. */
function runsCollection([program = '', task = '']: readonly string[]): boolean {
  return /^inv(?:oke)?$/u.test(program) && task.includes('.') && splitName(task).includes('up');
}

/** Returns the target that a call of `make` names; `undefined` for another command. */
function makeTarget([program, ...args]: readonly string[]): string | undefined {
  return program === 'make' ? args.find((arg) => !arg.startsWith('-') && !arg.includes('=')) : undefined;
}

/** Returns whether a command runs a source file of Python that starts a server. */
function servesInSource(run: readonly string[], folder: string, project: GuidedProject): boolean {
  const file = run.find((word) => !/^(?:uv|run|python3?|-\S+)$/u.test(word));
  const runsFile = file?.endsWith('.py') === true && /^(?:uv|python3?)$/u.test(run[0] ?? '');
  return runsFile && /\bserve_forever\(|\buvicorn\.run\(/u.test(project.text(file, folder));
}

/** Returns the text of an executable file that a command runs; empty for other commands. */
function textOfProgram([program = '']: readonly string[], folder: string, project: GuidedProject): string {
  return program.includes('/') ? project.text(program, folder) : '';
}

/** Returns whether a command runs a source file that does not exist, or a subcommand that does other work. */
function doesOtherWork(
  [program = '', ...args]: readonly string[],
  folder: string,
  project: GuidedProject,
): boolean {
  if (args.some((arg) => isSourceFile(arg) && !project.has(arg, folder))) return true;
  if (program.includes('/') && subcommands(args).some((word) => classifyName(word) === 'other')) return true;
  return classifyFirstWord(args[0] ?? '') === 'other' && declaresProgram(program, folder, project);
}

/** Returns the first words before the options of a program, as in `bin/shop user create anne`. */
function subcommands(args: readonly string[]): readonly string[] {
  const end = args.findIndex((arg) => !/^[a-z][\w-]*$/u.test(arg));
  return args.slice(0, end === -1 ? 2 : Math.min(end, 2));
}

/**
 * Returns whether a command runs a target of `make` that does other work. One that starts servers in the background may
 * be what the guide talks about, and not all that a target named `dev` runs is known.
 */
function runsOtherTarget(run: readonly string[], folder: string, project: GuidedProject): boolean {
  const target = makeTarget(run);
  if (target === undefined || isRunName(target)) return false;
  const made = project.makeTarget(target, folder);
  return made?.classification === 'other' && !mayStartServers.test(made.lines.join('\n'));
}

function isRunName(target: string): boolean {
  return (
    classifyName(target) === 'server' || splitName(target).some((word) => word === 'run' || word === 'up')
  );
}
