import * as paths from 'node:path';
import { relativeInside } from '../../core/paths.js';
import { checkoutOf, mainRootOf, mainRootsAmong, worktreeRootsOf, type Checkout } from './checkout.js';
import type { WindowRecord } from './windowRecords.js';

/** Thrown when no window matches; the message lists the open windows. */
export class NoWindowError extends Error {
  override readonly name = 'NoWindowError';
}

/** Location of the program that looks for a window. */
export interface CallerLocation {
  /** Absolute path of its working folder. */
  readonly cwd: string;
  /** Innermost checkout that contains `cwd`. */
  readonly checkout: Checkout | undefined;
  /** Top folders of the worktrees of that repository, if `checkout` is one of them. */
  readonly worktrees: readonly string[];
  /** Top folders of its main checkouts that windows have open, if `checkout` is a worktree. */
  readonly mainRoots?: readonly string[];
  /** Window that started the program, if one did. */
  readonly windowId: string | undefined;
}

/** Returns the location of a program in this folder, in which links are resolved. */
export async function callerLocation(
  cwd: string,
  windowId: string | undefined,
  windows: readonly WindowRecord[],
): Promise<CallerLocation> {
  const checkout = await checkoutOf(cwd);
  if (!checkout?.isLinked) return { cwd, checkout, worktrees: [], windowId };
  const main = mainRootOf(checkout);
  const folders = windows.flatMap((window) => window.folders);
  const [worktrees, mainRoots] = await Promise.all([
    worktreeRootsOf(checkout),
    // A submodule, and a repository that is elsewhere, do not name their checkout.
    main === undefined ? mainRootsAmong(folders, checkout.repository) : [main],
  ]);
  return { cwd, checkout, worktrees, mainRoots, windowId };
}

/** The windows that serve a location. */
export interface FoundWindows {
  /** The preferred window first, then others with the same folder. */
  readonly windows: readonly [WindowRecord, ...WindowRecord[]];
  /** Top folder of the git worktree whose servers are requested, if the windows are on another checkout. */
  readonly worktree: string | undefined;
}

/**
 * Finds the windows with the deepest folder that contains `cwd`; of several, first the one that started the program, or
 * else the one that had the focus last. Where no folder contains `cwd`, finds the window that started the program, unless
 * `cwd` is in another checkout: its servers would be those of other code. For a git worktree without a window, finds one
 * on another checkout of the repository that runs servers of worktrees. Throws a `NoWindowError`.
 */
export function chooseWindows(windows: readonly WindowRecord[], location: CallerLocation): FoundWindows {
  const { cwd, checkout, windowId } = location;
  const isStarter = (window: WindowRecord): boolean => window.windowId === windowId;
  const ranked = (depthOf: (window: WindowRecord) => number): readonly WindowRecord[] => {
    const found = windows
      .map((window) => ({ window, depth: depthOf(window) }))
      .filter(({ depth }) => depth > 0)
      .toSorted(
        (one, other) =>
          other.depth - one.depth ||
          Number(isStarter(other.window)) - Number(isStarter(one.window)) ||
          other.window.focusedAt - one.window.focusedAt,
      );
    return found.filter(({ depth }) => depth === found[0]?.depth).map(({ window }) => window);
  };
  const [best, ...others] = ranked((window) => folderDepth(window, cwd, checkout));
  if (best) return { windows: [best, ...others], worktree: undefined };
  const [server] = ranked((window) => worktreeRank(window, location));
  if (server) return { windows: [server], worktree: checkout?.root };
  const starter = windows.find(isStarter);
  if (starter && (!checkout || hasFolderIn(starter, checkout)))
    return { windows: [starter], worktree: undefined };
  throw new NoWindowError(noWindowText(windows, cwd, checkout));
}

/**
 * Returns how well the window suits to run servers of the caller's git worktree: 2 with a folder of the main checkout, 1
 * with one of another worktree, as of a bare repository, which has no main checkout, and otherwise 0.
 */
function worktreeRank(
  { folders, servesWorktrees }: WindowRecord,
  { checkout, worktrees, mainRoots = [] }: CallerLocation,
): number {
  if (!checkout?.isLinked || servesWorktrees !== true) return 0;
  const hasFolderOf = (root: string): boolean =>
    folders.some((folder) => relativeInside(root, folder, paths) !== undefined);
  if (mainRoots.some(hasFolderOf)) return 2;
  return Number(worktrees.some((root) => root !== checkout.root && hasFolderOf(root)));
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
    return 'No VS Code window with Dev Server Registry is open. Ask the user to open the project folder in VS Code, or to run "devservers up" in it.';
  }
  const open = windows.map(
    ({ folders, isTerminal }) =>
      `- ${folders.join(', ') || 'no folder'}${isTerminal === true ? ' (devservers up)' : ''}`,
  );
  const worktree = checkout?.isLinked
    ? ` ${checkout.root} is a git worktree, and the servers of another checkout run other code. Ask the user to open that folder.`
    : '';
  const head = `No open VS Code window has a folder that contains ${cwd}.${worktree} Open windows:`;
  return [head, ...open].join('\n');
}
