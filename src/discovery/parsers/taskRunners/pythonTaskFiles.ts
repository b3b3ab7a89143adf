import { lineOf } from '../../../core/commandLine/parse.js';
import type { FileParser } from '../../files/fileParser.js';
import { folderOf } from '../../files/relativePath.js';
import { noFindings } from '../shared/findings.js';
import { pythonRunner } from '../python/python.js';
import { exposedTasks } from './invokeCollections.js';
import { decoratedFunctions, literalArguments, type PythonFunction } from './pythonFunctions.js';
import { targetServers, type Target } from './targets.js';

/** Finds the tasks of Invoke that serve. Other libraries use this file name as well. */
export const invokeTasks: FileParser = {
  source: 'taskRunners',
  patterns: ['tasks.py', 'tasks/__init__.py'],
  parse(file, facts) {
    if (!/^(?:from|import) invoke\b/mu.test(file.text)) return noFindings;
    const folder = folderOf(file.path.replace(/\/__init__\.py$/u, ''));
    const runner = { program: 'invoke', launcher: pythonRunner(folder, facts) };
    const { servers, problems } = targetServers(exposedTasks(file, tasksIn, facts), runner, facts);
    const inFolder = servers.map((server) => Object.assign(server, { directory: folder, folder }));
    return { servers: inFolder, problems };
  },
};

/** Returns the tasks of a file, by the names of their functions. */
function tasksIn(text: string): ReadonlyMap<string, Target> {
  const tasks = decoratedFunctions(text).filter(({ decorators }) =>
    decorators.some((decorator) => /^@(?:invoke\.)?task\b/u.test(decorator)),
  );
  const names = new Map(tasks.map((task) => [task.name, invokeName(task)]));
  return new Map(
    tasks.map((task) => [
      task.name,
      {
        name: invokeName(task),
        lines: shellLines(task, names),
        isHidden: task.parameters.slice(1).some(isRequired),
      },
    ]),
  );
}

/** Finds the sessions of Nox that serve, including those that need an argument for it. */
export const noxSessions: FileParser = {
  source: 'taskRunners',
  patterns: ['noxfile.py'],
  parse({ text }, facts) {
    const sessions = decoratedFunctions(text)
      .filter(({ decorators }) => decorators.some((decorator) => /^@(?:nox\.)?session\b/u.test(decorator)))
      .flatMap(sessionTargets);
    // Nox creates the environments, and is installed outside of them.
    return targetServers(sessions, { program: 'nox', args: ['-s'] }, facts);
  },
};

/** Returns the target of a session, and one for each branch that an argument selects. */
function sessionTargets(session: PythonFunction): Target[] {
  const name = givenName(session) ?? session.name;
  const lines = programLines(session);
  const branches = session.branches.flatMap(({ condition, statements }): Target[] => {
    const branch = [...lines, ...programLines({ ...session, statements })];
    // Nox runs in a terminal here.
    if (/^\w+\.interactive$/u.test(condition)) return [{ name, lines: branch }];
    const word = argumentFor(condition, session.statements);
    return word === undefined
      ? []
      : [{ name: `${name} -- ${word}`, lines: branch, call: [name, '--', word] }];
  });
  const isInteractive = branches.some((branch) => branch.name === name);
  return [...(isInteractive ? [] : [{ name, lines }]), ...branches];
}

/** Returns the argument that makes a condition of a session true. */
function argumentFor(condition: string, statements: readonly string[]): string | undefined {
  const literal =
    /(?:^|\s)["'](-{0,2}\w[\w-]{0,30})["'] in \w+\.posargs\b/u.exec(condition) ??
    /\.posargs(?:\[0\]|\[:1\])? == \[?["'](-{0,2}\w[\w-]{0,30})["']/u.exec(condition);
  if (literal) return literal[1];
  const option = /^args\.(\w{1,30})$/u.exec(condition)?.[1]?.replaceAll('_', '-');
  const isDeclared = statements.some((each) => each.includes(`add_argument("--${option ?? ''}"`));
  return option !== undefined && isDeclared ? `--${option}` : undefined;
}

function isRequired(parameter: string): boolean {
  return !parameter.includes('=') && !parameter.startsWith('*') && parameter !== '/';
}

/** Returns the name of a task on the command line, with dashes instead of underscores. */
function invokeName(task: PythonFunction): string {
  return givenName(task) ?? task.name.replaceAll(/(?<=.)_(?=.)/gu, '-');
}

function givenName({ decorators }: PythonFunction): string | undefined {
  return decorators
    .map((decorator) => /[(,]\s*name\s*=\s*["']([\w.:-]+)["']/u.exec(decorator)?.[1])
    .find((name) => name !== undefined);
}

/** Returns the lines that a task of Invoke runs in a shell, and the tasks that it calls. */
function shellLines(
  { parameters, statements }: PythonFunction,
  names: ReadonlyMap<string, string>,
): string[] {
  const context = (parameters[0] ?? '').split(':')[0] ?? '';
  return statements.flatMap((statement) => {
    const folder = /^with \w+\.cd\((.*)\)/u.exec(statement)?.[1];
    if (folder !== undefined) return literalArguments(folder).map((path) => `cd ${path}`);
    const [line] = callsOf(statement, context, 'run|sudo').flatMap((call) =>
      literalArguments(call).slice(0, 1),
    );
    const [, called = '', given] = /^(\w+)\((\w+)[,)]/u.exec(statement) ?? [];
    const name = given === context ? names.get(called) : undefined;
    return line ?? (name === undefined ? [] : `invoke ${name}`);
  });
}

/** Returns the programs that a session of Nox runs, as lines; each word is a separate argument there. */
function programLines({ parameters, statements }: PythonFunction): string[] {
  const session = (parameters[0] ?? '').split(':')[0] ?? '';
  return statements.flatMap((statement) => {
    const folder = /^(?:with )?\w+\.(?:chdir|cd)\((.*)\)/u.exec(statement)?.[1];
    if (folder !== undefined) return literalArguments(folder).map((path) => `cd ${path}`);
    // A session that installs only sphinx-autobuild runs it, even if a function of the project makes the call.
    const [only = '', ...others] = callsOf(statement, session, 'install').flatMap(literalArguments);
    if (only === 'sphinx-autobuild' && others.length === 0) return [only];
    return callsOf(statement, session, 'run|run_always').map((call) => lineOf(literalArguments(call)));
  });
}

/** Returns the arguments of a call of one of these methods in a statement; none if it has no such call. */
function callsOf(statement: string, object: string, methods: string): string[] {
  if (!/^\w+$/u.test(object)) return [];
  const call = new RegExp(String.raw`(?:^|[\s=(])${object}\.(?:${methods})\((.*)$`, 'u').exec(statement);
  return call?.[1] === undefined ? [] : [call[1]];
}
