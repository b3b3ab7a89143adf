import type { FolderFacts, FoundFile, FoundServer } from '../../files/fileParser.js';
import { baseName, folderOf, joinPath } from '../../files/relativePath.js';
import { pythonTool } from '../python/python.js';

/**
 * Returns the server of a Sphinx configuration: `docs/conf.py`, or `docs/source/conf.py` with the build folder next to
 * it.
 */
export function sphinxServer({ path, text }: FoundFile, facts: FolderFacts): FoundServer | undefined {
  const isSphinx =
    /^(?:project|extensions|html_theme|master_doc|copyright)[ \t]*(?::[^=\r\n]{0,200})?=/mu.test(text);
  if (!isSphinx) return undefined;
  const folder = folderOf(path);
  const isSeparate = baseName(folder) === 'source';
  const directory = isSeparate ? folderOf(folder) : folder;
  if (hasOwnServer(directory, facts)) return undefined;
  const args = isSeparate ? ['source', 'build/html'] : ['.', '_build/html'];
  const command = pythonTool(directory, 'sphinx-autobuild', args, facts);
  return { name: 'sphinx-autobuild', command: withModuleName(command), directory, port: 8000 };
}

/** Returns whether the makefile of the documentation has a target that serves, which is listed instead. */
function hasOwnServer(directory: string, facts: FolderFacts): boolean {
  return facts.text(joinPath(directory, 'Makefile'))?.includes('sphinx-autobuild') === true;
}

/** Replaces the name of the program with that of its module, which cannot contain a dash. */
function withModuleName(command: FoundServer['command']): FoundServer['command'] {
  if (command.kind === 'shell' || !command.args.includes('-m')) return command;
  return {
    ...command,
    args: command.args.map((arg) => (arg === 'sphinx-autobuild' ? 'sphinx_autobuild' : arg)),
  };
}
