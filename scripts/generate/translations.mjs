// @ts-check
import { readdir, readFile } from 'node:fs/promises';
import { fromRoot } from '../lib/paths.mjs';

/** Files of English texts, and what precedes and follows the language in the names of their translations. */
const sources = [
  { folder: '', english: 'package.nls.json', stem: 'package.nls.' },
  { folder: 'l10n', english: 'bundle.l10n.json', stem: 'bundle.l10n.' },
];

/**
 * Parts that a translation must keep: placeholders, icons, variables, code, targets of links and names of settings.
 */
const fixedParts =
  /`[^`]*`|\$\{[^}]*\}|\{\w+\}|\$\([\w~-]+\)|\]\([^)]*\)|#devServers\.[\w.]+#|\bdevServers\.\w+|\*\*/gu;

/** Endings that code relies on when it joins sentences. Chinese and Japanese have their own full stop. */
const ends = [/[.。]$/u, /…$/u];

/**
 * Punctuation that a language must not have, as in the language packs of VS Code: Chinese and Japanese have wide commas and
 * full stops, but narrow colons, question marks and parentheses; French has no-break spaces.
 * @type {Readonly<Record<string, RegExp>>}
 */
const wrongPunctuation = {
  de: /[„“”‚‘’]|\.\.\./u,
  es: /[„“”‚‘’]|\.\.\.|^[^¿]*\?/u,
  fr: /[’“”]|\.\.\.|«(?!\u00a0)|(?<!\u00a0)»|(?<!\u00a0)[:?;!](?=\s|$)/u,
  ja: /[，．：？！（）]|\.\.\.|[\u3040-\u9fff][,;]|[,;][\u3040-\u9fff]|:(?=[\u3040-\u9fff])/u,
  'zh-cn': /[．：？！（）]|\.\.\.|[\u3040-\u9fff][,;]|[,;][\u3040-\u9fff]|:(?=[\u3040-\u9fff{])/u,
};

/** Returns the codes of the languages that have a file of translations, sorted. */
export async function translatedLanguages() {
  const found = await Promise.all(
    sources.map(async ({ folder, english, stem }) =>
      (await readdir(fromRoot(folder)))
        .filter((name) => name.startsWith(stem) && name.endsWith('.json') && name !== english)
        .map((name) => name.slice(stem.length, -'.json'.length)),
    ),
  );
  return [...new Set(found.flat())].toSorted();
}

/**
 * Returns the problems of the files of a language, each as a line for the terminal.
 * @param {string} language
 * @returns {Promise<string[]>}
 */
export async function languageProblems(language) {
  const problems = sources.map(async ({ folder, english, stem }) => {
    const file = [folder, `${stem}${language}.json`].filter((part) => part).join('/');
    const [texts, translations] = await Promise.all([readTexts(folder, english), readTexts(file)]);
    return textProblems(texts, translations, language).map((problem) => `${file}: ${problem}`);
  });
  return (await Promise.all(problems)).flat();
}

/**
 * Compares translations with the English texts.
 * @param {Readonly<Record<string, string>>} english
 * @param {Readonly<Record<string, string>>} translations
 * @param {string} [language]
 * @returns {string[]}
 */
export function textProblems(english, translations, language = '') {
  const unknown = Object.keys(translations).filter((key) => !Object.hasOwn(english, key));
  return [
    ...Object.entries(english).flatMap(([key, text]) => {
      const problem = translationProblem(text, translations[key], language);
      return problem === undefined ? [] : [`${JSON.stringify(key)} ${problem}`];
    }),
    ...unknown.map((key) => `${JSON.stringify(key)} is not a text of the extension`),
  ];
}

/**
 * @param {string} english
 * @param {string | undefined} translation
 * @param {string} language
 */
function translationProblem(english, translation, language) {
  if (translation === undefined || translation.trim() === '') return 'is not translated';
  const [wanted, found] = [fixedPartsOf(english), fixedPartsOf(translation)];
  if (wanted !== found) return `must keep ${wanted || 'no placeholders or code'}, but has ${found || 'none'}`;
  if (ends.some((end) => end.test(english) !== end.test(translation)))
    return 'must end with a full stop or an ellipsis if the English text does';
  const [wrong] = wrongPunctuation[language]?.exec(withoutCode(translation)) ?? [];
  return wrong === undefined ? undefined : `must not have the punctuation ${JSON.stringify(wrong)}`;
}

/**
 * Removes code and examples in quotation marks, which have the punctuation of English.
 * @param {string} text
 */
function withoutCode(text) {
  return text.replaceAll(/`[^`]*`|name: command/gu, 'code');
}

/** @param {string} text */
function fixedPartsOf(text) {
  return [...text.matchAll(fixedParts)]
    .map(([part]) => part)
    .toSorted()
    .join(' ');
}

/**
 * @param {...string} path from the root of the repository
 * @returns {Promise<Record<string, string>>} no texts if the file does not exist, which makes each of them missing
 */
async function readTexts(...path) {
  try {
    return JSON.parse(await readFile(fromRoot(...path), 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}
