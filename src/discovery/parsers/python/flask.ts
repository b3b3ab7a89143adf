import type { FileParser, Findings, FolderFacts, FoundFile, FoundServer } from '../../files/fileParser.js';
import { noFindings, singleServer } from '../shared/findings.js';
import { ancestorFolders, folderOf, baseName, joinPath, relativeTo } from '../../files/relativePath.js';
import { pythonCommand } from './python.js';
import { importedText, importsOwnPackage, pythonLines, pythonModule } from './pythonModules.js';

/** Usual names of the files from which a project starts its app. */
const entryFiles: readonly string[] = [
  'app.py',
  'wsgi.py',
  'autoapp.py',
  'main.py',
  'application.py',
  'server.py',
  'run.py',
  'serve.py',
  'api.py',
  'hello.py',
];

/** Maximum depth of a package that may be the app. */
const maxDepth = 2;

/** Settings that the command `flask` reads from its working folder. */
const settingsFile = '.flaskenv';

const createsApp = /(?<![\w.]|class )(?:flask\.)?Flask\(/u;
const createsAppAtTop = /^[A-Za-z_]\w{0,99}\s{0,9}(?::[^=]{0,99})?=\s{0,9}(?:flask\.)?Flask\(/u;
/** An app created by a factory of the project. */
const madeApp = /^(?:app|application)\s{0,9}=\s{0,9}([a-z_]\w{0,99})\(/u;
const factory = /^def (?:create|make)_app\(/u;

/** Finds the files that `flask run` accepts as `--app`. */
export const flask: FileParser = {
  source: 'flask',
  patterns: [...entryFiles, settingsFile, '__init__.py'],
  parse(file, facts) {
    if (baseName(file.path) === settingsFile) return settingsServer(file, facts);
    const lines = pythonLines(file.text);
    const isEntry = lines.some((line) => createsAppAtTop.test(line)) || makesApp(file, lines, facts);
    if (!isEntry && !isFactory(file, lines, facts)) return noFindings;
    const server =
      ownRun(file, lines, facts) ?? (hasSettings(file.path, facts) ? undefined : flaskRun(file, facts));
    return server ? singleServer(server) : noFindings;
  },
};

/** Returns whether a file gets its app from a function of the project. */
function makesApp(file: FoundFile, lines: readonly string[], facts: FolderFacts): boolean {
  const maker = lines.map((line) => madeApp.exec(line)?.[1]).find((each) => each !== undefined);
  if (maker === undefined) return false;
  if (lines.some((line) => line.startsWith(`def ${maker}(`))) return createsAppIn(lines);
  const text = importedText(file, maker, facts);
  // The source of an installed package is not read, so its factory is recognized by name.
  return text === undefined
    ? baseName(file.path) === 'wsgi.py' && maker === 'create_app' && !/\bfastapi\b/iu.test(file.text)
    : createsAppIn(pythonLines(text));
}

function createsAppIn(lines: readonly string[]): boolean {
  return lines.some((line) => createsApp.test(line));
}

/** Returns whether a file has a factory that `flask` calls, and that no other file calls for the server. */
function isFactory({ path, text }: FoundFile, lines: readonly string[], facts: FolderFacts): boolean {
  const isPackage = baseName(path) === '__init__.py';
  const makes = isPackage
    ? lines.some((line) => factory.test(line)) && createsAppIn(lines) && !needsArguments(text)
    : createsAppIn(lines) && /\bflask\b/u.test(text);
  if (!makes) return false;
  const above = ancestorFolders(folderOf(path)).flatMap((folder) =>
    entryFiles.filter((name) => facts.names(folder).has(name)).map((name) => joinPath(folder, name)),
  );
  const isCalled = above
    .filter((other) => other !== path)
    .map((other) => facts.text(other))
    .some((other) => other !== undefined && pythonLines(other).some((line) => madeApp.test(line)));
  return !isCalled;
}

/** Returns whether the factory of a file needs arguments, which `flask` does not have. */
function needsArguments(text: string): boolean {
  const [, parameters = ''] = /^def (?:create|make)_app\(([^)]{0,500})/mu.exec(text) ?? [];
  const [first = ''] = parameters.replaceAll(/\[[^[\]]{0,200}\]/gu, '').split(',');
  return /^\s*\w/u.test(first) && !first.includes('=');
}

/** Returns the server of a folder whose settings name the app. */
function settingsServer({ path, text }: FoundFile, facts: FolderFacts): Findings {
  const values = new Map(
    [...text.matchAll(/^[ \t]*(?:export[ \t]+)?(FLASK_\w{1,50})[ \t]*=[ \t]*["']?([^"'\s#]{0,200})/gmu)].map(
      ([, key = '', value = '']) => [key, value],
    ),
  );
  const folder = folderOf(path);
  const isFound = ['app.py', 'wsgi.py'].some((name) => facts.names(folder).has(name));
  if (!values.has('FLASK_APP') && !isFound) return noFindings;
  const entries = ownPrograms(folder, facts);
  return singleServer({
    name: 'flask run',
    command: pythonCommand(folder, ['-m', 'flask', 'run'], facts),
    // The command reads this file only if python-dotenv is installed.
    env: Object.fromEntries(values),
    port: parsePort(values.get('FLASK_RUN_PORT')) ?? 5000,
    ...(entries.length > 0 && { traits: { entries } }),
  });
}

/** Returns the files of a folder that run the app themselves. They are other ways to start it. */
function ownPrograms(folder: string, facts: FolderFacts): string[] {
  const present = facts.names(folder);
  const texts = entryFiles
    .filter((name) => present.has(name))
    .map((name) => ({ name, text: facts.text(joinPath(folder, name)) ?? '' }));
  return texts.flatMap(({ name, text }) =>
    ownRun({ path: joinPath(folder, name), text }, pythonLines(text), facts) ? name : [],
  );
}

function hasSettings(path: string, facts: FolderFacts): boolean {
  return ancestorFolders(folderOf(path)).some((folder) => facts.names(folder).has(settingsFile));
}

/**
 * Runs a file that starts its app itself, since `flask run` would ignore its port. One that imports modules through the
 * package of its folder runs as a module.
 */
function ownRun(file: FoundFile, lines: readonly string[], facts: FolderFacts): FoundServer | undefined {
  const { path } = file;
  const call = lines.find((line) => /\.run\(/u.test(line) && /\bport\s{0,9}=/u.test(line));
  // A call at the top level also starts the app.
  const isStarted = call?.startsWith('app') === true || lines.some((line) => line.includes('__main__'));
  if (call === undefined || !isStarted) return undefined;
  const port = parsePort(/\bport\s{0,9}=\s{0,9}(\d{1,5})\b/u.exec(call)?.[1]);
  const name = baseName(path);
  const listens = port === undefined ? {} : { port };
  const module = pythonModule(file, facts);
  if (module === undefined || !importsOwnPackage(file, facts))
    return { name, command: pythonCommand(folderOf(path), [name], facts), ...listens };
  const { folder } = module;
  return {
    name,
    command: pythonCommand(folder, ['-m', module.name], facts),
    directory: folder,
    folder,
    ...listens,
    // The command `flask` starts the same app.
    traits: { runs: 'flask run', entries: [relativeTo(folder, path)] },
  };
}

function flaskRun(file: FoundFile, facts: FolderFacts): FoundServer | undefined {
  const module = pythonModule(file, facts);
  // A deeply nested package is a part of another program.
  if (!module || (baseName(file.path) === '__init__.py' && module.name.split('.').length > maxDepth))
    return undefined;
  const { name, folder } = module;
  const command = pythonCommand(folder, ['-m', 'flask', '--app', name, 'run'], facts);
  return { name: `flask ${name}`, command, directory: folder, folder, port: 5000 };
}

function parsePort(digits: string | undefined): number | undefined {
  const port = Number(digits);
  return port >= 1 && port <= 65_535 ? port : undefined;
}
