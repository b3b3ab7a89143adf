import { setImmediate as nextTurn } from 'node:timers/promises';
import { AnsiStripper } from '../../core/urlDetection/ansiStripper.js';

/** So many bytes are read as text before other work gets its turn. */
const bytesPerTurn = 64 * 1024;

const lineFeed = 0x0a;

/** What has none of these is plain already. */
// oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
const special = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/;

/** A jump to the first column, which is what a carriage return does. */
// oxlint-disable-next-line no-control-regex -- these sequences begin with one
const jumpBack = /\u001b\[[01]?G/g;

/** What begins so is written on an erased line, as progress indicators do: nothing before it was to be read. */
// oxlint-disable-next-line no-control-regex -- these sequences begin with one
const erasure = /^\u001b\[[02]?K/;

/**
 * The bytes of an output as text, without control sequences, so that nothing in them can act where it is shown. There is
 * one line for each line of the bytes. Time is linear in their number, and other work has its turns.
 */
export async function plainText(bytes: Buffer): Promise<string> {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const lineEnd = bytes.indexOf(lineFeed, at + bytesPerTurn) + 1;
    const end = lineEnd > 0 ? lineEnd : bytes.length;
    text += plainLines(bytes.toString('utf8', at, end));
    at = end;
    await nextTurn();
  }
  return text;
}

/** The same for text that is at hand. */
export function plainLines(text: string): string {
  const lines = text.replaceAll('\r\n', '\n');
  return special.test(lines) ? lines.split('\n').map(plainLine).join('\n') : lines;
}

function plainLine(line: string): string {
  if (!special.test(line)) return line;
  const writings = line.replaceAll(jumpBack, '\r').split('\r');
  const first = writings.findLastIndex((writing) => erasure.test(writing));
  for (const writing of writings.slice(Math.max(0, first)).toReversed()) {
    const text = new AnsiStripper().push(writing);
    // The line feeds stand for moves of the cursor, and editors take the other two for line ends.
    if (text !== '') return text.replaceAll(/[\n\u2028\u2029]/g, ' ');
  }
  return '';
}
