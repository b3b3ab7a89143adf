/** Returns backticks that are longer than any run of them in a text, which thus cannot close the code that it is in. */
export function codeFence(text: string, minLength = 1): string {
  const runs = text.match(/`+/gu) ?? [];
  return '`'.repeat(Math.max(minLength, ...runs.map(({ length }) => length + 1)));
}
