import { escapeHidden } from '../../core/plainText.js';

/** Writes the answer of a command. */
export function print(text: string): void {
  printOutput(terminalText(text));
}

/** Writes lines of servers unchanged; their control characters have been removed already. */
export function printOutput(text: string): void {
  process.stdout.write(text === '' || text.endsWith('\n') ? text : `${text}\n`);
}

/** Writes problems and progress, which are not part of the answer. */
export function report(text: string): void {
  const shown = terminalText(text);
  process.stderr.write(shown.endsWith('\n') ? shown : `${shown}\n`);
}

/** In JSON, escaping hidden characters as in text changes no value. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/**
 * Returns a text in which no character acts on the terminal: names of files and servers may contain escape sequences,
 * which could set the title or the clipboard, and characters that change the direction of the text.
 */
export function terminalText(text: string): string {
  return text.replaceAll(/[^\n\t]+/gu, escapeHidden);
}

/** Returns a sentence about output that is not printed. */
export function missingOutputText(bytes: number): string {
  return `Output is missing here (${bytes} bytes): the log was cleared, or reached its maximum size before it was read.`;
}
