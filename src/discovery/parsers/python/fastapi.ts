import type { FileParser, FolderFacts, FoundFile, FoundServer } from '../../files/fileParser.js';
import { noFindings, singleServer } from '../shared/findings.js';
import { ancestorFolders, folderOf, baseName, joinPath, relativeTo } from '../../files/relativePath.js';
import { pythonCommand } from './python.js';
import { isServedByProgram } from './declaredPrograms.js';
import { pagesRun } from './pagesRun.js';
import { importedText, pythonLines, pythonModule, type PythonModule } from './pythonModules.js';

const appVariable = /^([A-Za-z_]\w{0,99})\s{0,9}(?::[^=]{0,99})?=\s{0,9}(?:\w{1,50}\.)?FastAPI\(/u;
/** An app that a function of the project creates. */
const madeVariable = /^(app|application|api|asgi_app)\s{0,9}(?::[^=]{0,99})?=\s{0,9}([a-z_]\w{0,99})\(/u;
const appFactory = /^def ((?:create|make|build|get|init)_(?:app(?:lication)?|api|server))\(([^()]{0,200})\)/u;

/**
 * Finds files with a FastAPI app, and files that describe pages for a library that creates such an app. Files with an
 * app run with uvicorn: `fastapi dev` needs more than `pip install fastapi uvicorn` installs, and only starts uvicorn
 * as well.
 */
export const fastapi: FileParser = {
  source: 'fastapi',
  patterns: [
    'main.py',
    'app.py',
    'api.py',
    'server.py',
    'application.py',
    'asgi.py',
    'run.py',
    '__main__.py',
  ],
  parse(file, facts) {
    const lines = pythonLines(file.text);
    const server =
      ownRun(file, lines, facts) ?? uvicornRun(file, lines, facts) ?? pagesRun(file, lines, facts);
    return server ? singleServer(server) : noFindings;
  },
};

/** Runs a file that starts uvicorn itself, so that the port and options of its author apply. */
function ownRun(file: FoundFile, lines: readonly string[], facts: FolderFacts): FoundServer | undefined {
  const call = lines.findIndex((line) => /^\s{1,99}uvicorn\.run\(/u.test(line));
  const isProgram = lines.some((line) => /^if __name__ ?==/u.test(line));
  if (call === -1 || !(isProgram || baseName(file.path) === '__main__.py')) return undefined;
  const module = pythonModule(file, facts);
  if (!module) return undefined;
  const name = module.name.replace(/\.__main__$/u, '');
  const isInPackage = module.name.includes('.');
  const args = isInPackage ? ['-m', name] : [baseName(file.path)];
  const directory = isInPackage ? module.folder : folderOf(file.path);
  const app = namedApp(lines.slice(call, call + 3).join(' '), module.name);
  return {
    name: `fastapi ${name}`,
    command: pythonCommand(directory, args, facts),
    directory,
    folder: directory,
    traits: {
      runs: `${importedFrom(app, directory, facts)}uvicorn ${app}`,
      ...(isInPackage && { entries: [relativeTo(module.folder, file.path)] }),
    },
  };
}

/** Returns the app that a call of uvicorn names. A program may omit its own package from the name of a module. */
function namedApp(call: string, module: string): string {
  const [, name, variable = 'app'] = /["']([\w.]{1,200}):(\w{1,99})["']/u.exec(call) ?? [];
  if (name === undefined) return `${module}:${variable}`;
  const parents = module.split('.').slice(0, -1);
  const isRelative = !name.includes('.') && name !== parents[0];
  return `${[...(isRelative ? parents : []), name].join('.')}:${variable}`;
}

/** Returns a `cd` to the folder from which the app is imported, if it is not the folder of the program. */
function importedFrom(app: string, directory: string, facts: FolderFacts): string {
  const path = (app.split(':')[0] ?? '').replaceAll('.', '/');
  const isIn = (folder: string): boolean =>
    ['.py', '/__init__.py'].some((end) => facts.text(joinPath(folder, `${path}${end}`)) !== undefined);
  if (isIn(directory)) return '';
  const above = ancestorFolders(directory);
  // Request all of them, so that they are read at once.
  const folder = above.flatMap((each) => [joinPath(each, 'src'), each]).find(isIn);
  const up = directory === '' ? '' : '../'.repeat(directory.split('/').length);
  return folder === undefined ? '' : `cd ${up}${folder === '' ? '.' : folder} && `;
}

function uvicornRun(file: FoundFile, lines: readonly string[], facts: FolderFacts): FoundServer | undefined {
  const variable =
    (isOwnClass(lines) ? undefined : firstMatch(lines, appVariable)?.[1]) ?? returnedApp(file, lines, facts);
  const factory = variable === undefined ? appFactoryIn(file, lines, facts) : undefined;
  const app = variable ?? factory;
  if (app === undefined) return undefined;
  const module = pythonModule(file, facts);
  if (!module || isMounted(module, facts)) return undefined;
  const { name, folder } = module;
  const args = [
    '-m',
    'uvicorn',
    `${name}:${app}`,
    '--reload',
    ...(factory === undefined ? [] : ['--factory']),
  ];
  return {
    name: `fastapi ${name}`,
    command: pythonCommand(folder, args, facts),
    directory: folder,
    folder,
    port: 8000,
    // The program serves more than the app.
    traits: { isGuess: isServedByProgram(module, app, facts) },
  };
}

/** Returns whether the class with the name of the framework is one of the project. */
function isOwnClass(lines: readonly string[]): boolean {
  return lines.some((line) =>
    /^(?:class FastAPI\b|from (?!fastapi\b)\S{1,200} import .{0,200}\bFastAPI\b)/u.test(line),
  );
}

/**
 * Returns whether an app of a package above mounts the app of a module, which is then not a separate server. The app
 * may be imported through a package in between.
 */
function isMounted({ name, folder }: PythonModule, facts: FolderFacts): boolean {
  const parts = name.split('.');
  const above = parts.slice(0, -2).map((_, index) => parts.slice(0, index + 1));
  const apps = above.flatMap((packages) =>
    ['main', 'app', 'api', 'server', 'asgi'].map((file) => {
      // Request all of them, so that they are read at once.
      const text = facts.text(joinPath(folder, [...packages, `${file}.py`].join('/'))) ?? '';
      return { text, depth: packages.length };
    }),
  );
  return apps.some(
    ({ text, depth }) =>
      text.includes('.mount(') &&
      parts.slice(depth).some((_, index) => {
        const [full, own] = [parts.slice(0, depth + index + 1), parts.slice(depth, depth + index + 1)];
        return (
          text.includes(`from ${full.join('.')} import`) || text.includes(`from .${own.join('.')} import`)
        );
      }),
  );
}

/**
 * Returns whether another file of the folder calls the factory of a file to create its app. That file is searched for
 * apps as well.
 */
function isCalled({ path }: FoundFile, factory: string, facts: FolderFacts): boolean {
  const folder = folderOf(path);
  const present = facts.names(folder);
  const texts = fastapi.patterns
    .map((name) => joinPath(folder, name))
    .filter((other) => other !== path && present.has(baseName(other)))
    .map((other) => facts.text(other) ?? '');
  return texts.some((text) => pythonLines(text).some((line) => madeVariable.exec(line)?.[2] === factory));
}

/** Returns the variable of an app that is created by a function of this file or of another file of the project. */
function returnedApp(file: FoundFile, lines: readonly string[], facts: FolderFacts): string | undefined {
  const [, variable, maker = ''] = firstMatch(lines, madeVariable) ?? [];
  if (variable === undefined) return undefined;
  const isLocal = lines.some((line) => line.startsWith(`def ${maker}(`));
  const text = isLocal ? file.text : importedText(file, maker, facts);
  return text !== undefined && /\bFastAPI\(/u.test(text) ? variable : undefined;
}

/** Returns the function that creates the app and can be called without arguments, unless another file calls it. */
function appFactoryIn(file: FoundFile, lines: readonly string[], facts: FolderFacts): string | undefined {
  if (!file.text.includes('FastAPI(')) return undefined;
  const [, factory, parameters = ''] = firstMatch(lines, appFactory) ?? [];
  const isCallable = parameters.split(',').every((each) => each.trim() === '' || each.includes('='));
  return factory !== undefined && isCallable && !isCalled(file, factory, facts) ? factory : undefined;
}

function firstMatch(lines: readonly string[], expression: RegExp): RegExpExecArray | undefined {
  for (const line of lines) {
    const match = expression.exec(line);
    if (match) return match;
  }
  return undefined;
}
