import type { StartRequest } from '../../src/core/lifecycle/processHost.js';

/** Program before the command of a server that needs its terminal: Wine gives no standard handles in a pseudoconsole. */
const consoleProgram = process.env['DEV_SERVERS_WINE_CONSOLE'];

/** Words before a command that needs its terminal. */
export const consoleWords = consoleProgram === undefined ? [] : [consoleProgram];

/** Returns a command that runs this Node in the terminal of the server. */
export function nodeProgram(...args: string[]): StartRequest['command'] {
  const [file = '', ...rest] = [...consoleWords, process.execPath, ...args];
  return { kind: 'argv', file, args: rest };
}
