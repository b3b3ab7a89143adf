import type { FolderFacts } from '../discovery/files/fileParser.js';

/** Runs the static server at `script`, an absolute path, in the editor's own Node, which is a Node only if it is told so. */
export function staticServer(script: string): NonNullable<FolderFacts['staticServer']> {
  return {
    command: { kind: 'argv', file: process.execPath, args: [script] },
    env: { ELECTRON_RUN_AS_NODE: '1' },
  };
}
