import { setImmediate as nextTurn } from 'node:timers/promises';
import { AnsiStripper } from '../../core/urlDetection/ansiStripper.js';

/** Bytes converted before other work gets its turn. */
const bytesPerTurn = 64 * 1024;

const lineFeed = 0x0a;

/** Characters that plain text does not have. */
// oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
const controlCharacter = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/;

/** Moves to the first column, as a carriage return does. */
// oxlint-disable-next-line no-control-regex -- these sequences begin with one
const jumpBack = /\u001b\[[01]?G/g;

/** Erases the line, as progress indicators do; the text before it is not meant to stay. */
// oxlint-disable-next-line no-control-regex -- these sequences begin with one
const erasure = /^\u001b\[[02]?K/;

/**
 * Converts output to text without control sequences, so that none of them acts where the text is shown. Keeps the
 * number of lines. Takes linear time and lets other work run in between.
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

/** Removes control sequences from text, line by line. */
export function plainLines(text: string): string {
  const lines = text.replaceAll('\r\n', '\n');
  return controlCharacter.test(lines) ? lines.split('\n').map(plainLine).join('\n') : lines;
}

function plainLine(line: string): string {
  if (!controlCharacter.test(line)) return line;
  const segments = line.replaceAll(jumpBack, '\r').split('\r');
  const first = segments.findLastIndex((segment) => erasure.test(segment));
  for (const segment of segments.slice(Math.max(0, first)).toReversed()) {
    const text = new AnsiStripper().push(segment);
    // The stripper returns line feeds for moves of the cursor, and editors take the other two characters for line ends. A
    // console of Windows begins with moves.
    const drawn = text.replaceAll(/^\n+|(?<!\n)\n+$/g, '');
    if (drawn !== '') return drawn.replaceAll(/[\n\u2028\u2029]/g, ' ');
  }
  return '';
}
