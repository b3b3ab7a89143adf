import { paddedEnd, shortenedEnd, textWidth } from './textWidth.js';

/** Minimum width at which the last column is useful, columns of the terminal. */
const minWidth = 12;

/** Space between two columns. */
const gap = '  ';

/**
 * Returns rows of id, state, folder and command, each without control characters, as columns that fit into a terminal
 * of `width` columns: the command is cut; where it would be too short, the folder is left out, and then the command. Id
 * and state are never cut, since users copy them. Without a width, as for a program that reads the text, nothing is
 * cut.
 */
export function columns(
  rows: readonly (readonly [id: string, state: string, folder: string, command: string])[],
  width: number | undefined,
): string {
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(0, ...rows.map((row) => textWidth(row[column] ?? ''))),
  );
  const needed = (shown: readonly number[]): number =>
    shown.slice(0, -1).reduce((sum, column) => sum + (widths[column] ?? 0) + gap.length, 0) +
    Math.min(minWidth, widths[shown.at(-1) ?? 0] ?? 0);
  const shown = [
    [0, 1, 2, 3],
    [0, 1, 3],
  ].find((each) => width === undefined || needed(each) <= width) ?? [0, 1];
  const isCut = width !== undefined && shown.includes(3);
  return rows
    .map((row) => {
      const cells = shown.map((column) => row[column] ?? '');
      const before = cells
        .slice(0, -1)
        .map((cell, index) => paddedEnd(cell, widths[shown[index] ?? 0] ?? 0) + gap);
      const text = before.join('');
      return `${text}${shortenedEnd(cells.at(-1) ?? '', isCut ? width - textWidth(text) : Infinity)}\n`;
    })
    .join('');
}
