import { escaped, escapeHidden } from '../../core/plainText.js';

/** Text in which no character looks like another; this is true of most ids. */
const plainId = /^[!-~]*$/;

/**
 * Characters of other scripts that key like an ASCII character and that Unicode does not map to it. The list may be
 * incomplete.
 */
const looksLike: Readonly<Record<string, string>> = {
  a: 'аαɑ',
  c: 'сς',
  d: 'ԁ',
  e: 'е',
  g: 'ɡց',
  h: 'һհ',
  i: 'іιı',
  j: 'јյ',
  k: 'κ',
  l: 'ӏ',
  n: 'ո',
  o: 'оοօ',
  p: 'рρ',
  q: 'ԛզ',
  s: 'ѕ',
  u: 'սυ',
  v: 'νѵ',
  w: 'ԝ',
  x: 'хχ',
  y: 'уγү',
  A: 'АΑ',
  B: 'ВΒ',
  C: 'С',
  E: 'ЕΕ',
  G: 'Ԍ',
  H: 'НΗ',
  I: 'ІΙ',
  J: 'Ј',
  K: 'КΚ',
  M: 'МΜ',
  N: 'Ν',
  O: 'ОΟՕ',
  P: 'РΡ',
  Q: 'Ԛ',
  S: 'ЅՏ',
  T: 'ТΤ',
  U: 'Ս',
  V: 'Ѵ',
  W: 'Ԝ',
  X: 'ХΧ',
  Y: 'УΥҮ',
  Z: 'Ζ',
  '-': '‐‒–—−',
  '/': '⁄∕',
  '.': 'ꞏ',
  ':': '∶꞉։׃',
};

const asciiOf = new Map(
  Object.entries(looksLike).flatMap(([ascii, others]) =>
    others.split('').map((each) => [each, ascii] as const),
  ),
);

/**
 * Returns ids as text that fits into a row and can be told apart: hidden characters are escaped, and in ids that key
 * alike, so are all characters outside ASCII.
 */
export function shownIds(ids: readonly string[]): readonly string[] {
  if (ids.every((id) => plainId.test(id))) return ids;
  const idsByKey = new Map<string, Set<string>>();
  for (const id of ids) {
    const key = visualKeyOf(id);
    idsByKey.set(key, (idsByKey.get(key) ?? new Set()).add(id));
  }
  return ids.map((id) =>
    (idsByKey.get(visualKeyOf(id))?.size ?? 0) > 1 ? id.replaceAll(/[^!-~]/gu, escaped) : escapeHidden(id),
  );
}

/** Returns a text that is equal for two ids if people cannot tell them apart. */
function visualKeyOf(id: string): string {
  return escapeHidden(id)
    .normalize('NFKC')
    .replaceAll(/\p{DI}/gu, '')
    .replaceAll(/[^ -~]/gu, (character) => asciiOf.get(character) ?? character)
    .replaceAll(/\s+/gu, ' ')
    .trimEnd();
}
