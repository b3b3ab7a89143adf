/** Text of which every character takes one column; most is. */
const plainAscii = /^[ -~]*$/;

/** Characters that are drawn on the one before. */
const onTheOneBefore = /^[\p{M}\p{DI}]/u;

/** Characters of two columns: emojis, and the blocks of East Asian characters (Unicode Annex 11). */
const wide =
  /^[\p{EPres}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2fb}\u{20000}-\u{3fffd}]/u;

/** Selects the emoji form of a character, which takes two columns. */
const asPicture = '\ufe0f';

/** Returns how many columns of a terminal a text without control characters takes. */
export function textWidth(text: string): number {
  return plainAscii.test(text) ? text.length : graphemes(text).reduce((sum, each) => sum + each.width, 0);
}

/** Returns a text of at most `maxWidth` columns; a longer one ends with an ellipsis. */
export function shortenedEnd(text: string, maxWidth: number): string {
  if (textWidth(text) <= maxWidth) return text;
  const kept: string[] = [];
  let width = 1;
  for (const each of graphemes(text)) {
    width += each.width;
    if (width > maxWidth) break;
    kept.push(each.text);
  }
  return `${kept.join('')}…`;
}

/** Returns a text that takes at least `width` columns, with spaces at its end. */
export function paddedEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

interface Grapheme {
  readonly text: string;
  readonly width: number;
}

function graphemes(text: string): readonly Grapheme[] {
  return [...new Intl.Segmenter('en').segment(text)].map(({ segment }) => ({
    text: segment,
    width: graphemeWidth(segment),
  }));
}

function graphemeWidth(grapheme: string): number {
  if (onTheOneBefore.test(grapheme)) return 0;
  return grapheme.includes(asPicture) || wide.test(grapheme) ? 2 : 1;
}
