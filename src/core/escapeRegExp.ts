/** Escapes a text for a regular expression, with or without the flag `u`, which refuses escapes of other characters. */
export function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
}
