import type { Translator } from './common.js';

/** A text that is translated where a user reads it; `{0}`, `{1}` … stand for the arguments. */
export interface Template {
  readonly template: string;
  readonly args: readonly (string | number)[];
}

/** A text for users: translated already, or a sentence or sentences to translate. */
export type Text = string | Template | readonly Template[];

/**
 * Returns a text that is translated later, for code that has no translator. The list for translators is made from the
 * calls of this function and of `l10n.t`, so the first argument is a string literal.
 */
export function untranslated(template: string, ...args: (string | number)[]): Template {
  return { template, args };
}

/** Formats texts for agents and logs without translating them: instructions and tool names are English too. */
export const english: Translator = {
  t: (message, ...args) =>
    message.replaceAll(/\{(\d)\}/gu, (placeholder, index: string) =>
      String(args[Number(index)] ?? placeholder),
    ),
};

/** Returns the text in the language of the user. */
export function translated(text: Text, translator: Translator): string {
  if (typeof text === 'string') return text;
  const sentences = 'template' in text ? [text] : text;
  return sentences.map(({ template, args }) => translator.t(template, ...args)).join(' ');
}

/** Joins the parts of a list with the comma of the user's language. */
export function joinList(parts: readonly string[], l10n: Translator): string {
  const [first = '', ...others] = parts;
  return others.reduce((before, part) => l10n.t('{0}, {1}', before, part), first);
}

/** Returns the text without translating it. */
export function englishText(text: Text): string {
  return translated(text, english);
}

/**
 * Returns a text as a part of a longer sentence: without its final full stop, which Chinese and Japanese write
 * differently.
 */
export function withoutFullStop(text: string): string {
  return text.replace(/[.\u3002]$/u, '');
}
