import { escapeRegExp } from '../../../core/escapeRegExp.js';
import { commandName } from '../../scripts/classifyTool.js';
import { unwrapped } from '../../scripts/unwrapLauncher.js';
import type { GuidedProject } from './guidedProject.js';
import { manifestsOf } from './manifests.js';

const interpreter =
  /^(?:python|node|ruby|php|perl|tsx|ts-node|bun|deno|bash|sh|zsh|streamlit|marimo|chainlit)$/u;

/** Python servers that get an application by its module. */
const applicationServer = /^(?:uvicorn|gunicorn|hypercorn|granian|flask|fastapi)$/u;

/** Files that are executable themselves. */
const executable = /\/[\w-]+(?:\.(?:sh|py|rb))?$/u;

/** A line of a script that starts servers which outlive it. */
const inBackground = /\bup\b[^\n]{0,200} (?:-d|--detach)\b|^[ \t]*nohup /mu;

/** Rails, and the file of an application. In a gem, such as an engine, `bin/rails` only runs generators. */
const rails = /^(?:(?:\.\/)?bin\/)?rails$/u;
const railsApplication = 'config/application.rb';

/** Task runners whose arguments must be targets of their file. */
const hasTargets = /^(?:make|just|task|mise|rake|invoke|inv|nox|poe|mage|deno)$/u;

/** Launchers of programs that a Python project declares. */
const pythonLauncher = /^(?:uv|poetry|pdm|hatch|rye|pipenv) run /u;

/** Returns whether a command runs a part of the project from a folder, and not an installed program. */
export function runsProject(words: readonly string[], folder: string, project: GuidedProject): boolean {
  const inner = unwrapped(words);
  const [program = ''] = inner;
  if (runsPython(words, program, folder, project)) return true;
  if (rails.test(program)) return project.has(railsApplication, folder);
  return runsFile(inner, folder, project) || runsManifest(inner, folder, project);
}

/** Returns whether a command runs a program that a Python project declares, or one of its modules. */
function runsPython(
  words: readonly string[],
  program: string,
  folder: string,
  project: GuidedProject,
): boolean {
  if (words.includes('-m') && (servesFolder(words) || isModule(program, folder, project))) return true;
  if (declaresProgram(program, folder, project)) return true;
  // uv runs a source file of Python, with the packages that it names.
  if (words.join(' ').startsWith('uv run ') && program.endsWith('.py')) return project.has(program, folder);
  return pythonLauncher.test(words.join(' ')) && declares(program, folder, project);
}

/** Returns whether a command serves a folder of pages, which an earlier command may build. */
function servesFolder(words: readonly string[]): boolean {
  return words.includes('http.server') && words.some((word) => /^(?:-d|--directory)(?:=|$)/u.test(word));
}

/** Files in which a Python project declares the programs that are installed with it. */
const declarations: readonly string[] = ['pyproject.toml', 'setup.cfg', 'setup.py'];

/** Returns whether a Python project installs a program with this name, which calls a function of a module. */
export function declaresProgram(program: string, folder: string, project: GuidedProject): boolean {
  if (!/^[A-Za-z][\w-]*$/u.test(program)) return false;
  const names = project.names('.', folder);
  const entry = new RegExp(
    String.raw`(?:^|["'])[ \t]*["']?${escapeRegExp(program)}["']?[ \t]*=[ \t]*["']?[A-Za-z_][\w.]*:[A-Za-z_]\w*`,
    'mu',
  );
  return declarations.some((file) => names.has(file) && entry.test(project.text(file, folder)));
}

/**
 * Returns the source file that a program of a Python project runs, if it gets no command: `src/shop/main.py` for `shop =
 * "shop.main:run"`.
 */
export function fileOfProgram(
  [program = '', first = '-']: readonly string[],
  folder: string,
  project: GuidedProject,
): string | undefined {
  if (!first.startsWith('-') || !declaresProgram(program, folder, project)) return undefined;
  const entry = new RegExp(
    String.raw`^[ \t]*["']?${escapeRegExp(program)}["']?[ \t]*=[ \t]*["']([A-Za-z_][\w.]*):`,
    'mu',
  );
  const module = entry.exec(project.text('pyproject.toml', folder))?.[1]?.replaceAll('.', '/');
  return ['', 'src/'].map((above) => `${above}${module}.py`).find((file) => project.has(file, folder));
}

/** Returns whether a Python project declares a program with this name. */
function declares(program: string, folder: string, project: GuidedProject): boolean {
  const key = new RegExp(String.raw`^["']?${escapeRegExp(program)}["']?[ \t]*=`, 'mu');
  return key.test(project.text('pyproject.toml', folder));
}

/** Returns whether a command runs a file of the project, or an application in one: `uvicorn shop.main:app`. */
function runsFile(
  [program = '', ...args]: readonly string[],
  folder: string,
  project: GuidedProject,
): boolean {
  if (program.includes('/')) return isProgram(program, folder, project);
  const words = args.filter((arg) => !arg.startsWith('-'));
  if (applicationServer.test(program)) return words.some((word) => isApplication(word, folder, project));
  return (
    interpreter.test(commandName(program)) && words.slice(0, 3).some((word) => project.has(word, folder))
  );
}

/** Returns whether a file is executable itself, and keeps running until its server ends. */
function isProgram(path: string, folder: string, project: GuidedProject): boolean {
  // Windows does not support `#!`.
  if (project.facts.system === 'windows' || !executable.test(path) || !project.has(path, folder))
    return false;
  const text = project.text(path, folder);
  if (text === '') return project.names(path, folder).size === 0;
  return text.startsWith('#!') && !inBackground.test(text);
}

function isApplication(word: string, folder: string, project: GuidedProject): boolean {
  const [module = ''] = word.split(':');
  if (module.endsWith('.py')) return project.has(module, folder);
  return /[.:]/u.test(word) && isModule(module, folder, project);
}

function isModule(name: string, folder: string, project: GuidedProject): boolean {
  const path = name.replaceAll('.', '/');
  return ['', 'src/'].some(
    (above) => project.has(`${above}${path}`, folder) || project.has(`${above}${path}.py`, folder),
  );
}

function runsManifest(
  [first = '', ...args]: readonly string[],
  folder: string,
  project: GuidedProject,
): boolean {
  const program = commandName(first);
  if (program === 'go') return runsGo(args, folder, project);
  const names = project.names('.', folder);
  if (program === 'dotnet') return [...names].some((name) => /\.(?:cs|fs|vb)proj$/u.test(name));
  const present = manifestsOf(program).filter((name) => names.has(name));
  if (!hasTargets.test(program)) return present.length > 0;
  const named = args.filter((arg) => !arg.startsWith('-') && !/[=/]/u.test(arg));
  // `just run dev` runs `dev`, but `make run` has a target of that name.
  const targets = named.length > 1 ? named.filter((arg) => arg !== 'run' && arg !== 'task') : named;
  return targets.length > 0 && present.some((name) => namesAll(targets, project.text(name, folder)));
}

function namesAll(targets: readonly string[], text: string): boolean {
  return targets.every((target) => {
    if (isInCollection(target, text)) return true;
    if (target === 'run') return /^[^\t#\n]{0,200}\brun\b/mu.test(text);
    // The recipe of a module of just is in the file of that module, which this file declares.
    const [module = '', recipe] = target.split('::');
    if (recipe === undefined) return text.includes(target);
    return new RegExp(String.raw`^mod\??[ \t]+${escapeRegExp(module)}\b`, 'mu').test(text);
  });
}

/** Returns whether a task such as `docker.up` is in a collection of Invoke, whose file may be in a submodule. */
function isInCollection(target: string, text: string): boolean {
  const [, collection = ''] = /^([\w-]+)\.[\w.-]+$/u.exec(target) ?? [];
  const named = new RegExp(String.raw`\bname=["']${escapeRegExp(collection)}["']`, 'u');
  return collection !== '' && text.includes('add_collection(') && named.test(text);
}

/** Returns whether `go run` runs a package of the project. */
function runsGo([command, ...args]: readonly string[], folder: string, project: GuidedProject): boolean {
  const path = args.find((arg) => !arg.startsWith('-'));
  if (command !== 'run' || path === undefined || path.includes('@')) return false;
  if (path.endsWith('.go')) return project.has(path, folder);
  return [...project.names(path, folder)].some((name) => name.endsWith('.go'));
}
