import { currentPlatform } from '../../host/platform/currentPlatform.js';
import { realPath } from '../../host/system/boundedReads.js';
import {
  callerLocation,
  chooseWindows,
  NoWindowError,
  type FoundWindows,
} from '../../mcp/bridge/chooseWindow.js';
import { WindowClient, type WindowTimeouts, type WindowClientEvents } from '../../mcp/bridge/windowClient.js';
import { liveWindows, type WindowRecord } from '../../mcp/bridge/windowRecords.js';
import { CommandError, exitCodes } from '../call/exitCodes.js';
import { requireFolder } from '../folder/requireFolder.js';
import { recordFolders } from './recordFolders.js';

/** Name under which questions and rows show the command line. */
const callerName = 'devservers';

/** Returns the windows of all editors, and each `devservers up`, that this user has open. */
export async function openWindows(): Promise<readonly WindowRecord[]> {
  const platform = currentPlatform();
  return (await Promise.all(recordFolders().map((records) => liveWindows(records, platform)))).flat();
}

/**
 * Returns the windows, and each `devservers up`, that have the folder open. The first one answers for servers that run
 * in none of them. Rejects with a `NoWindowError`.
 */
export async function windowsOf(folder: string): Promise<FoundWindows> {
  const cwd = await realPath(folder);
  const windows = await openWindows();
  // If a window has this very folder open, the checkout does not matter.
  const isOpen = windows.some(({ folders }) => folders.includes(cwd));
  const windowId = process.env['DEV_SERVERS_WINDOW'];
  return chooseWindows(
    windows,
    isOpen
      ? { cwd, checkout: undefined, worktrees: [], windowId }
      : await callerLocation(cwd, windowId, windows),
  );
}

/** Connects to a window. Calls reject when it refuses, or does not respond. Throws for a socket of another user. */
export function connectTo(
  window: WindowRecord,
  worktree: string | undefined,
  events: Partial<WindowClientEvents> = {},
  timeouts?: WindowTimeouts,
): WindowClient {
  return WindowClient.open(
    window,
    { name: callerName, via: 'commandLine', worktree },
    { onServersChanged: () => undefined, onClosed: () => undefined, ...events },
    timeouts,
  );
}

/** Returns what `windowsOf` does. Rejects with a `CommandError` without a window. */
export async function requiredWindows(folder: string): Promise<FoundWindows> {
  await requireFolder(folder);
  try {
    return await windowsOf(folder);
  } catch (error) {
    if (error instanceof NoWindowError) throw noWindow(error.message);
    throw error;
  }
}

function noWindow(message: string): CommandError {
  const advice = 'Open the folder in the editor, or run its servers in a terminal: devservers up';
  const fact = message.replace(/ Ask the user to open [^.]+\./u, '');
  return new CommandError(`${fact}\n${advice}`, exitCodes.noWindow, 'noWindow');
}
