import type { Translator } from '../common.js';

/** Formats texts for agents without translating them: instructions and tool names are English too. */
export const english: Translator = {
  t: (message, ...args) =>
    message.replaceAll(/\{(\d)\}/gu, (placeholder, index: string) =>
      String(args[Number(index)] ?? placeholder),
    ),
};
