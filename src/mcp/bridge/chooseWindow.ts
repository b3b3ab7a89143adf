import * as paths from 'node:path';
import { relativeInside } from '../../core/paths.js';
import type { WindowRecord } from './windowRecords.js';

/** Thrown when no window matches; the message lists the open windows. */
export class NoWindowError extends Error {
  override readonly name = 'NoWindowError';
}

/**
 * Returns the window with that id, or else the one with the deepest folder that contains `cwd`; of several, the one
 * that had the focus last. Throws a `NoWindowError`.
 */
export function chooseWindow(
  windows: readonly WindowRecord[],
  cwd: string,
  windowId: string | undefined,
): WindowRecord {
  const named = windows.find((window) => window.windowId === windowId);
  if (named) return named;
  const [best] = windows
    .map((window) => ({ window, depth: folderDepth(window, cwd) }))
    .filter(({ depth }) => depth > 0)
    .toSorted((one, other) => other.depth - one.depth || other.window.focusedAt - one.window.focusedAt);
  if (best) return best.window;
  if (windows.length === 0) {
    throw new NoWindowError(
      'No window of VS Code with Dev Server Registry is open. Ask the user to open the folder of the project in VS Code.',
    );
  }
  const open = windows.map(({ folders }) => `- ${folders.join(', ') || 'no folder'}`);
  throw new NoWindowError(
    [`No open window of VS Code has a folder that contains ${cwd}. Open windows:`, ...open].join('\n'),
  );
}

/** Returns the length of the longest folder path that contains `cwd`; 0 without one. */
function folderDepth({ folders }: WindowRecord, cwd: string): number {
  return Math.max(
    0,
    ...folders
      .filter((folder) => relativeInside(folder, cwd, paths) !== undefined)
      .map(({ length }) => length),
  );
}
