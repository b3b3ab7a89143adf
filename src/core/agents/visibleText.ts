import { escaped } from '../plainText.js';

/** Invisible characters, apart from those that words of some languages and emojis are written with. */
const invisible = /(?:(?!\ufe0e|\ufe0f|[\u061c\u200c-\u200f])[\p{Cf}\p{DI}])+/gu;

/** Control characters, apart from those of a text of several lines. */
const control = /[\0-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/gu;

/** Returns a text without its invisible characters. */
export function withoutInvisible(text: string): string {
  return text.replaceAll(invisible, '');
}

/** Returns a text with its invisible characters as `\u202e`, so that different names stay different. */
export function visibleText(text: string): string {
  return text.replaceAll(invisible, escaped).replaceAll(control, escaped);
}
