import { posixQuoted } from '../../core/commandLine/posixWord.js';
import type { ServerCommand } from '../../core/server/definition.js';

/** Returns a command as a line for a shell. Words with special characters are quoted. */
export function commandLine(command: ServerCommand): string {
  return command.kind === 'shell' ? command.line : wordsLine([command.file, ...command.args]);
}

/** Returns the words as a line for a shell. */
export function wordsLine(words: readonly string[], isWindows = process.platform === 'win32'): string {
  return words.map((word) => quoted(word, isWindows)).join(' ');
}

function quoted(word: string, isWindows: boolean): string {
  if (/^[\w@%+=:,./\\-]+$/.test(word)) return word;
  return isWindows ? `"${word}"` : posixQuoted(word);
}
