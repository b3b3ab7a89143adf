// Writes l10n/bundle.l10n.json, the list of texts for translators, from the l10n.t calls under src, and reports the texts
// that a translation lacks. `--check` writes nothing and fails if the list is out of date. Both fail if a translation is
// incomplete.
import { getL10nJson } from '@vscode/l10n-dev';
import { readFile } from 'node:fs/promises';
import { readArguments } from '../lib/arguments.mjs';
import { runScript } from '../lib/cleanup.mjs';
import { filesBelow } from '../lib/files.mjs';
import { fromRoot } from '../lib/paths.mjs';
import { writeGenerated } from './generatedFile.mjs';
import { languageProblems, translatedLanguages } from './translations.mjs';

/**
 * Collects the texts of the extension, sorted so that the file changes only when they do.
 * @returns {Promise<string>} the content of the bundle
 */
async function bundle() {
  const scripts = (await Promise.all(filesBelow(fromRoot('src'), '.ts').map(script)))
    // The library needs a tenth of a second for each file.
    .filter(({ contents }) => contents.includes('l10n.t('));
  const texts = Object.entries(await getL10nJson(scripts));
  const sorted = texts.toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`;
}

/**
 * Prepares a source file for the library, which finds calls of an imported `l10n` only. Many files receive the translator
 * as a parameter or in an object (`deps.l10n.t`); these calls get the plain name, and the file an import.
 * So do calls of `untranslated`, whose texts are translated later.
 * @param {string} path
 */
async function script(path) {
  const source = await readFile(path, 'utf8');
  const plain = source.replaceAll(/(?:(?:[\w#]+\.)*l10n\.t|(?<!function )\buntranslated)\(/gu, 'l10n.t(');
  const variable = /\bl10n\.t\(\s*(?=[^\s'"{])(?<argument>.{0,40})/u.exec(plain);
  if (variable)
    throw new Error(`${path}: l10n.t needs a string literal, not ${variable.groups?.['argument']}`);
  const imported = /import\s[^;]*\bl10n\b[^;]*from 'vscode'/u.test(source);
  const contents = imported ? plain : `import * as l10n from '@vscode/l10n';\n${plain}`;
  return { contents, extension: '.ts' };
}

await runScript(async () => {
  const {
    values: { check },
  } = readArguments({ check: { type: 'boolean' } }, 'Usage: node scripts/generate/l10n.mjs [--check]');
  const code = await writeGenerated({
    file: 'l10n/bundle.l10n.json',
    text: await bundle(),
    check: check === true,
    script: 'scripts/generate/l10n.mjs',
  });
  const problems = await Promise.all((await translatedLanguages()).map(languageProblems));
  for (const problem of problems.flat()) console.error(problem);
  return problems.flat().length > 0 ? 1 : code;
});
