/**
 * Removes the parts of a text from `open` to the next `close`, unless `isKept` returns true for them. The time is linear,
 * other than with a regular expression, which looks for the end of each part that has none up to the end of the text.
 */
export function withoutParts(
  text: string,
  open: string,
  close: string,
  isKept: (part: string) => boolean = () => false,
): string {
  const kept: string[] = [];
  let from = 0;
  for (let start = text.indexOf(open); start !== -1; start = text.indexOf(open, from)) {
    const end = text.indexOf(close, start + open.length);
    if (end === -1) break;
    const part = text.slice(start, end + close.length);
    kept.push(text.slice(from, start), isKept(part) ? part : '');
    from = end + close.length;
  }
  return kept.join('') + text.slice(from);
}

/** Removes the elements with a name that have no attributes, unless `isKept` returns true for them. */
export function withoutElements(text: string, name: string, isKept?: (element: string) => boolean): string {
  return withoutParts(text, `<${name}>`, `</${name}>`, isKept);
}
