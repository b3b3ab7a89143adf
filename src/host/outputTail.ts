import { stripVTControlCharacters } from 'node:util';

const tailLines = 20;
const longestLine = 500;

// oxlint-disable-next-line no-control-regex -- taking out control characters is the purpose
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** The last lines of raw output as plain text: for a tooltip or a message, where no control sequence may act. */
export function plainTail(raw: string): string[] {
  const lines = stripVTControlCharacters(raw)
    .split(/\r\n|\n|\r/)
    .map((line) => line.replaceAll(controls, '').trimEnd().slice(0, longestLine));
  while (lines.at(-1) === '') lines.pop();
  return lines.slice(-tailLines);
}
