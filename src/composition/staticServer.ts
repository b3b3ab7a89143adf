import type { FolderFacts } from '../discovery/files/fileParser.js';

/**
 * Returns how to run the static server at the absolute path `script` in the Node of the editor, which behaves as Node
 * only with this variable.
 */
export function staticServer(script: string): NonNullable<FolderFacts['staticServer']> {
  return {
    command: { kind: 'argv', file: process.execPath, args: [script] },
    env: { ELECTRON_RUN_AS_NODE: '1' },
  };
}
