import { plainLines } from '../logs/plainText.js';

const tailLines = 20;
const maxLineLength = 500;

/** Returns the last lines of raw output as plain text without control sequences, for tooltips and messages. */
export function plainTail(raw: string): string[] {
  const lines = plainLines(raw)
    .split('\n')
    .map((line) => line.trimEnd().slice(0, maxLineLength));
  while (lines.at(-1) === '') lines.pop();
  return lines.slice(-tailLines);
}
