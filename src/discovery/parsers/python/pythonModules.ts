import type { FolderFacts, FoundFile } from '../../files/fileParser.js';
import { ancestorFolders, baseName, folderOf, joinPath } from '../../files/relativePath.js';
import { sourceLines } from '../shared/sourceText.js';

/** The name of a module, and the folder to import it from. */
export interface PythonModule {
  readonly name: string;
  readonly folder: string;
}

/**
 * Returns the module of a file; `undefined` for a file that cannot be imported. A folder is a package if it has an
 * `__init__.py`, or if the file imports other modules through that package.
 */
export function pythonModule({ path, text }: FoundFile, facts: FolderFacts): PythonModule | undefined {
  const above = ancestorFolders(folderOf(path)).filter((folder) => folder !== '');
  // Request all of them, so that they are listed at once.
  const isMarked = above.map((ancestor) => facts.names(ancestor).has('__init__.py'));
  const marked = isMarked.indexOf(false);
  const levels = Math.max(marked === -1 ? above.length : marked, importedLevels(text, above, facts));
  const packages = above.slice(0, levels).map(baseName).toReversed();
  const file = baseName(path).replace(/\.py$/u, '');
  const parts = file === '__init__' ? packages : [...packages, file];
  const folder = levels === 0 ? folderOf(path) : folderOf(above[levels - 1] ?? '');
  return parts.length > 0 && parts.every((part) => /^[A-Za-z_]\w*$/u.test(part))
    ? { name: parts.join('.'), folder }
    : undefined;
}

/** Returns whether a file imports modules of its folder through the package of that folder, so that it needs the latter. */
export function importsOwnPackage({ path, text }: FoundFile, facts: FolderFacts): boolean {
  const above = ancestorFolders(folderOf(path)).filter((folder) => folder !== '');
  return importedLevels(text, above, facts) > 0;
}

/** Returns the lines of a source file without comments and multi-line strings, such as docstrings. */
export function pythonLines(text: string): string[] {
  const code = sourceLines(text).filter((line) => !line.trimStart().startsWith('#'));
  return code
    .join('\n')
    .replaceAll(/("""|''')[^]*?(?:\1|$)/gu, '')
    .split('\n');
}

/**
 * Returns how many folders above a file are packages, according to its own imports: `from app.api import …`, `from .api
 * import …`.
 */
function importedLevels(text: string, above: readonly string[], facts: FolderFacts): number {
  const lines = pythonLines(text);
  // An installed package may have the same name as a folder, so the folder must contain the imported module.
  const imports = (folder: string): boolean => {
    const modules = lines.flatMap((line) => /^from (\w+)\.(\w+)/u.exec(line)?.slice(1, 3).join('.') ?? []);
    const name = baseName(folder);
    const own = modules
      .filter((module) => module.startsWith(`${name}.`))
      .map((module) => module.slice(name.length + 1));
    const names = own.length === 0 ? new Set<string>() : facts.names(folder);
    return own.some((module) => names.has(module) || names.has(`${module}.py`));
  };
  const dots = Math.max(
    0,
    ...lines.map(
      (line) => /^from (\.{1,9})\w* ?import|^from (\.{1,9})\w/u.exec(line)?.[0].match(/\./gu)?.length ?? 0,
    ),
  );
  const named = above.findIndex(imports);
  return Math.min(above.length, Math.max(dots > 0 ? 1 : 0, named + 1));
}

/** Returns the text of the module of the project from which a file imports a name. */
export function importedText(
  { path, text }: FoundFile,
  name: string,
  facts: FolderFacts,
): string | undefined {
  const statement = new RegExp(
    String.raw`^from ([\w.]{1,200}) import (?:\(([^)]{0,2000})\)|(.{0,500}))$`,
    'gmu',
  );
  for (const [, module = '', list, names] of text.matchAll(statement)) {
    const imported = (list ?? names ?? '').split(',').map((each) =>
      each
        .trim()
        .split(/\sas\s/u)
        .at(-1)
        ?.trim(),
    );
    if (imported.includes(name)) return moduleText(folderOf(path), module, facts);
  }
  return undefined;
}

/** Returns the text of a module of the project that a file of a folder imports by this name. */
export function moduleText(folder: string, module: string, facts: FolderFacts): string | undefined {
  const dots = /^\.*/u.exec(module)?.[0].length ?? 0;
  const path = module
    .slice(dots)
    .split('.')
    .filter((part) => part !== '')
    .join('/');
  const bases = ancestorFolders(folder);
  const from = dots > 0 ? bases.slice(dots - 1, dots) : bases;
  const candidates = from.flatMap((base) => {
    const target = path === '' ? base : joinPath(base, path);
    return [`${target}.py`, joinPath(target, '__init__.py')];
  });
  // Request all of them, so that they are read at once.
  return candidates.map((candidate) => facts.text(candidate)).find((text) => text !== undefined);
}
