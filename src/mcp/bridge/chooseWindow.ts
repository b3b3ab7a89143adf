import * as paths from 'node:path';
import { relativeInside } from '../../core/paths.js';
import type { Checkout } from './checkout.js';
import type { WindowRecord } from './windowRecords.js';

/** Thrown when no window matches; the message lists the open windows. */
export class NoWindowError extends Error {
  override readonly name = 'NoWindowError';
}

/** Place of the program that looks for a window. */
export interface CallerPlace {
  /** Absolute path of its working folder. */
  readonly cwd: string;
  /** Innermost checkout that contains `cwd`. */
  readonly checkout: Checkout | undefined;
  /** Window that started the program, if one did. */
  readonly windowId: string | undefined;
}

/**
 * Returns the window with the deepest folder that contains `cwd`; of several, the one that started the program, or else
 * the one that had the focus last. Where no folder contains `cwd`, returns the window that started the program, unless
 * `cwd` is in another checkout: its servers would be those of other code. Throws a `NoWindowError`.
 */
export function chooseWindow(windows: readonly WindowRecord[], place: CallerPlace): WindowRecord {
  const [best] = matchingWindows(windows, place);
  return best;
}

/** Returns the window that `chooseWindow` does, and then those with the same folder. Throws a `NoWindowError`. */
export function matchingWindows(
  windows: readonly WindowRecord[],
  { cwd, checkout, windowId }: CallerPlace,
): readonly [WindowRecord, ...WindowRecord[]] {
  const isStarter = (window: WindowRecord): boolean => window.windowId === windowId;
  const [best, ...others] = windows
    .map((window) => ({ window, depth: folderDepth(window, cwd, checkout) }))
    .filter(({ depth }) => depth > 0)
    .toSorted(
      (one, other) =>
        other.depth - one.depth ||
        Number(isStarter(other.window)) - Number(isStarter(one.window)) ||
        other.window.focusedAt - one.window.focusedAt,
    );
  if (best) {
    const same = others.filter(({ depth }) => depth === best.depth);
    return [best.window, ...same.map(({ window }) => window)];
  }
  const starter = windows.find(isStarter);
  if (starter && (!checkout || hasFolderIn(starter, checkout))) return [starter];
  throw new NoWindowError(noWindowText(windows, cwd, checkout));
}

/** Returns the length of the longest folder path that contains `cwd`; 0 without one. */
function folderDepth({ folders }: WindowRecord, cwd: string, checkout: Checkout | undefined): number {
  // A worktree inside of another checkout has servers of its own.
  const isOutside = (folder: string): boolean =>
    checkout?.isLinked === true && relativeInside(checkout.root, folder, paths) === undefined;
  return Math.max(
    0,
    ...folders
      .filter((folder) => relativeInside(folder, cwd, paths) !== undefined && !isOutside(folder))
      .map(({ length }) => length),
  );
}

function hasFolderIn({ folders }: WindowRecord, { root }: Checkout): boolean {
  return folders.some((folder) => relativeInside(root, folder, paths) !== undefined);
}

function noWindowText(windows: readonly WindowRecord[], cwd: string, checkout: Checkout | undefined): string {
  if (windows.length === 0) {
    return 'No window of VS Code with Dev Server Registry is open. Ask the user to open the folder of the project in VS Code.';
  }
  const open = windows.map(({ folders }) => `- ${folders.join(', ') || 'no folder'}`);
  const worktree = checkout?.isLinked
    ? ` ${checkout.root} is a git worktree, so the servers of another checkout are not its own: ask the user to open that folder.`
    : '';
  const head = `No open window of VS Code has a folder that contains ${cwd}.${worktree} Open windows:`;
  return [head, ...open].join('\n');
}
