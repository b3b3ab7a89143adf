import { plainLines } from '../logs/plainText.js';

const tailLines = 20;
const maxLine = 500;

/** The last lines of raw output as plain text: for a tooltip or a message, where no control sequence may act. */
export function plainTail(raw: string): string[] {
  const lines = plainLines(raw)
    .split('\n')
    .map((line) => line.trimEnd().slice(0, maxLine));
  while (lines.at(-1) === '') lines.pop();
  return lines.slice(-tailLines);
}
