/** Longest text that the editor shows of a notification, in UTF-16 units; it cuts off the end of a longer one. */
const maxMessageLength = 1000;

/** Maximum number of marks on one character: more would cover the lines above and below. */
const excessMarks = /(?<kept>\p{M}{4})\p{M}+/gu;

/** An emoji, whose parts are joined by characters that are invisible elsewhere. */
const emoji =
  '[0-9#*]\\ufe0f\\u20e3|\\p{Extended_Pictographic}[\\ufe0f\\p{Emoji_Modifier}]?(?:\\u200d\\p{Extended_Pictographic}[\\ufe0f\\p{Emoji_Modifier}]?){0,8}';

/**
 * Characters that are invisible, or change the line or the direction of the text after them. The last three are symbols
 * without a picture: a pattern of Braille, a note and a filler.
 */
const hidden = '[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{DI}\\u2800\\u{1d159}\\u{16fe4}]';

const emojiOrHidden = new RegExp(`(?<emoji>${emoji})|${hidden}`, 'gu');

/** Characters that begin a link, `[text](command:id)`, or an icon, `$(error)`. */
const markup = /(?<before>[\]$])(?=\()/gu;

/** Invisible, and neither a link nor an icon may contain it there. */
const wordJoiner = '\u2060';

/**
 * Returns a text in the form in which every part of the editor shows it character by character: as one line, with hidden
 * characters escaped, and without links and icons. Apply it once, where the text is handed to the editor.
 */
export function plainText(text: string, maxLength = maxMessageLength): string {
  // Bounds the work: no part of a text of megabytes would be shown.
  const line = shortened(text, 2 * maxLength).replaceAll(/\s+/gu, ' ');
  const shown = escapeHidden(line).replaceAll(excessMarks, '$<kept>');
  return shortened(shown.replaceAll(markup, `$<before>${wordJoiner}`), maxLength);
}

/** Text of which every character is visible; most is. */
const plainAscii = /^[ -~]*$/;

/** Returns the text with every invisible or misleading character as `\u202e`. */
export function escapeHidden(text: string): string {
  // The first use of the other expression takes a tenth of the start of a program.
  if (plainAscii.test(text)) return text;
  return text.replaceAll(emojiOrHidden, (found, kept: string | undefined) => kept ?? escaped(found));
}

/** Returns the UTF-16 units of a text as `\u202e`. */
export function escaped(text: string): string {
  return Array.from({ length: text.length }, (_, index) => text.charCodeAt(index))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
}

/** Returns a text of at most `maxLength` UTF-16 units. A longer one loses its middle, so that its end can be seen. */
export function shortened(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const end = Math.floor(maxLength / 3);
  const cut = `${text.slice(0, maxLength - end - 1)}…${text.slice(text.length - end)}`;
  // The cut may have divided a character.
  return cut.replaceAll(/\p{Cs}/gu, '\ufffd');
}
