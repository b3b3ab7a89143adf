import { realpath } from 'node:fs/promises';
import { currentPlatform } from '../../host/platform/currentPlatform.js';
import { checkoutOf } from '../../mcp/bridge/checkout.js';
import { chooseWindow, NoWindowError } from '../../mcp/bridge/chooseWindow.js';
import { WindowClient, type WindowClientEvents } from '../../mcp/bridge/windowClient.js';
import { liveWindows, type WindowRecord } from '../../mcp/bridge/windowRecords.js';
import { CommandError, exitCodes } from '../call/exitCodes.js';
import { recordFolders } from './recordFolders.js';

/** Name under which questions and rows show the command line. */
const callerName = 'devservers';

/** Returns the windows of all editors, and each `devservers up`, that this user has open. */
export async function openWindows(): Promise<readonly WindowRecord[]> {
  const platform = currentPlatform();
  return (await Promise.all(recordFolders().map((records) => liveWindows(records, platform)))).flat();
}

/** Returns the window that has the folder open. Rejects with a `NoWindowError`. */
export async function windowOf(folder: string): Promise<WindowRecord> {
  const cwd = await realpath(folder);
  return chooseWindow(await openWindows(), {
    cwd,
    checkout: await checkoutOf(cwd),
    windowId: process.env['DEV_SERVERS_WINDOW'],
  });
}

/** Connects to a window. Rejects when it refuses, or does not respond. */
export function connectTo(
  window: WindowRecord,
  events: Partial<WindowClientEvents> = {},
): Promise<WindowClient> {
  return WindowClient.connect(
    window,
    { name: callerName, via: 'commandLine' },
    { onServersChanged: () => undefined, onClosed: () => undefined, ...events },
  );
}

/** Runs an action with the window that has the folder open. Rejects with a `CommandError` without such window. */
export async function withWindow<Result>(
  folder: string,
  action: (client: WindowClient) => Promise<Result>,
  events: Partial<WindowClientEvents> = {},
): Promise<Result> {
  const client = await connectTo(await requiredWindow(folder), events);
  return action(client).finally(() => client.close());
}

async function requiredWindow(folder: string): Promise<WindowRecord> {
  try {
    return await windowOf(folder);
  } catch (error) {
    if (error instanceof NoWindowError) throw noWindow(error.message);
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new CommandError(`${folder} does not exist.`, exitCodes.failed, 'noFolder');
    throw error;
  }
}

function noWindow(message: string): CommandError {
  const advice = 'Open the folder in the editor, or run its servers in a terminal: devservers up';
  return new CommandError(`${message}\n${advice}`, exitCodes.noWindow, 'noWindow');
}
