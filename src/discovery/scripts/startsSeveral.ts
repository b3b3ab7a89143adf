/** Returns whether a line starts a program in the background, and then another one: `api & web`. */
export function startsSeveral(line: string): boolean {
  return /(?<=[^&>|\s])[ \t]*&(?![&>\d])\s*[^\s&)]/u.test(line);
}
