// Writes l10n/bundle.l10n.json, the list of texts for translators, from the l10n.t calls under src.
// `--check` writes nothing and fails if the list is out of date.
import { getL10nJson } from '@vscode/l10n-dev';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { filesBelow } from '../lib/files.mjs';
import { fromRoot } from '../lib/paths.mjs';

const bundleFile = fromRoot('l10n', 'bundle.l10n.json');

/**
 * Collects the texts of the extension, sorted so that the file changes only when they do.
 * @returns {Promise<string>} the content of the bundle
 */
async function bundle() {
  const scripts = await Promise.all(filesBelow(fromRoot('src'), '.ts').map(script));
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

const wanted = await bundle();
if (process.argv.includes('--check')) {
  const present = (await readFile(bundleFile, 'utf8').catch(() => '')).replaceAll('\r\n', '\n');
  if (present === wanted) {
    console.log('l10n/bundle.l10n.json is up to date.');
  } else {
    console.error(
      'l10n/bundle.l10n.json is out of date: run "node scripts/generate/l10n.mjs" and commit the result.',
    );
    process.exitCode = 1;
  }
} else {
  await mkdir(dirname(bundleFile), { recursive: true });
  await writeFile(bundleFile, wanted);
}
