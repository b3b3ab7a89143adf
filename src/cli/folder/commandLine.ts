import type { ServerCommand } from '../../core/server/definition.js';

/** Returns a command as a line for a shell. Words with special characters are quoted. */
export function commandLine(command: ServerCommand, isWindows = process.platform === 'win32'): string {
  if (command.kind === 'shell') return command.line;
  return [command.file, ...command.args].map((word) => quoted(word, isWindows)).join(' ');
}

function quoted(word: string, isWindows: boolean): string {
  if (/^[\w@%+=:,./\\-]+$/.test(word)) return word;
  return isWindows ? `"${word}"` : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
