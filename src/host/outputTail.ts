import { stripVTControlCharacters } from 'node:util';

const tailLines = 20;
const longestLine = 500;

// oxlint-disable-next-line no-control-regex -- taking out control characters is the purpose
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** A line that is erased and written anew, as progress indicators do: only what is written last was to be read. */
// oxlint-disable-next-line no-control-regex -- these sequences begin with one
const rewritten = /^.*(?:\u001b\[\d*G|\r)\u001b\[[02]?K/gm;

/** The last lines of raw output as plain text: for a tooltip or a message, where no control sequence may act. */
export function plainTail(raw: string): string[] {
  const lines = stripVTControlCharacters(raw.replaceAll(rewritten, ''))
    .split(/\r\n|\n|\r/)
    .map((line) => line.replaceAll(controls, '').trimEnd().slice(0, longestLine));
  while (lines.at(-1) === '') lines.pop();
  return lines.slice(-tailLines);
}
