import type { ServerCommand } from '../../../core/server/definition.js';
import type { FolderFacts } from '../../files/fileParser.js';
import { ancestorFolders, baseName, folderOf, joinPath, resolvedPath } from '../../files/relativePath.js';

/** Path of a source file of the project, without globs. Files in build folders need not exist yet. */
const sourceFile = /^(?![-/])[^\s*?{}[\]:]+\.(?:ts|tsx|mts|py|rb)$/u;

/** Returns whether a configuration runs a source file or a package of Go that no longer exists. */
export function isStale(command: ServerCommand, directory: string, facts: FolderFacts): boolean {
  if (command.kind !== 'argv') return false;
  const [first = '', target = ''] = command.args;
  if (command.file === 'go' && first === 'run') {
    const folder = resolvedPath(directory, target);
    return folder !== undefined && !runsInModule(folder, directory, facts);
  }
  if (/^(?:node|nodemon)$/u.test(command.file) && isMissingModule(first, directory, facts)) return true;
  const program = command.args.find((arg) => sourceFile.test(arg));
  return program !== undefined && isMissing(program, directory, facts);
}

function isMissing(program: string, directory: string, facts: FolderFacts): boolean {
  const path = resolvedPath(directory, program);
  return path !== undefined && !facts.names(folderOf(path)).has(baseName(path));
}

/**
 * Returns whether Node.js finds no file for a path without an extension, such as `src/www`, in a folder with other
 * files. It does not add `.ts` to the path.
 */
function isMissingModule(path: string, directory: string, facts: FolderFacts): boolean {
  const resolved = /^[\w@./-]*\/[\w-]+$/u.test(path) ? resolvedPath(directory, path) : undefined;
  if (resolved === undefined || path.startsWith('-')) return false;
  const names = facts.names(folderOf(resolved));
  return names.size > 0 && !['', '.js', '.json'].some((end) => names.has(baseName(resolved) + end));
}

/** Libraries of programs that show pages in a window of their own. */
const windowLibrary =
  /"github\.com\/(?:webview\/webview|webview\/webview_go|wailsapp\/wails|zserge\/webview)\b/u;

/**
 * Returns whether Go can run a package from a folder, and the package has no window. The debugger builds in the module
 * of the package; `go run` only knows the module of the folder, or the modules of a workspace.
 */
function runsInModule(folder: string, directory: string, facts: FolderFacts): boolean {
  const sources = [...facts.names(folder)].filter((name) => name.endsWith('.go'));
  if (sources.length === 0) return false;
  if (sources.some((name) => windowLibrary.test(facts.text(joinPath(folder, name)) ?? ''))) return false;
  const above = ancestorFolders(folder);
  if (above.some((path) => facts.names(path).has('go.work'))) return true;
  const module = above.find((path) => facts.names(path).has('go.mod'));
  return module === undefined || ancestorFolders(directory).includes(module);
}
