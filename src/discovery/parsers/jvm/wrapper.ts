import type { FolderFacts } from '../../files/fileParser.js';
import { ancestorFolders } from '../../files/relativePath.js';

/** A build tool and its wrapper, a script in the project that provides the right version. */
export interface BuildTool {
  readonly program: string;
  readonly wrapper: string;
  readonly windowsWrapper: string;
}

/** Returns the nearest wrapper in or above a folder, as a path from that folder, or else the program itself. */
export function buildCommand(folder: string, tool: BuildTool, facts: FolderFacts): string {
  const name = facts.system === 'windows' ? tool.windowsWrapper : tool.wrapper;
  const steps = ancestorFolders(folder).findIndex((ancestor) => facts.names(ancestor).has(name));
  if (steps === -1) return tool.program;
  const path = steps === 0 ? ['.', name] : [...Array.from({ length: steps }, () => '..'), name];
  return path.join(facts.system === 'windows' ? '\\' : '/');
}
