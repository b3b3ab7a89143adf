import type { Translator } from '../common.js';

/** What agents read is not translated: their instructions and the names of their tools are in English too. */
export const english: Translator = {
  t: (message, ...args) =>
    message.replaceAll(/\{(\d)\}/gu, (place, index: string) => String(args[Number(index)] ?? place)),
};
