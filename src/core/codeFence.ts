/** Returns a fence of more backticks than any run of them in the text, so that the text cannot close its code block. */
export function codeFence(text: string, minLength = 1): string {
  const runs = text.match(/`+/gu) ?? [];
  return '`'.repeat(Math.max(minLength, ...runs.map(({ length }) => length + 1)));
}
