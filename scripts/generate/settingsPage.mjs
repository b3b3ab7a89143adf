// @ts-check
// Writes docs/settings.md, the page of all settings, from package.json and package.nls.json.
// `--check` writes nothing and fails if the page is out of date.
import { readFile } from 'node:fs/promises';
import { format } from 'oxfmt';
import { readArguments } from '../lib/arguments.mjs';
import { runScript } from '../lib/cleanup.mjs';
import { fromRoot } from '../lib/paths.mjs';
import { writeGenerated } from './generatedFile.mjs';

/**
 * A setting as package.json declares it.
 * @typedef {{
 *   type: string,
 *   scope: string,
 *   default: unknown,
 *   enum?: readonly string[],
 *   enumDescriptions?: readonly string[],
 *   markdownEnumDescriptions?: readonly string[],
 *   markdownDescription: string,
 * }} Setting
 */

const file = 'docs/settings.md';
const script = 'scripts/generate/settingsPage.mjs';

const scopes = new Map([
  ['application', 'user settings only'],
  ['window', 'user and workspace settings'],
  ['resource', 'user, workspace and folder settings'],
]);

await runScript(async () => {
  const {
    values: { check },
  } = readArguments({ check: { type: 'boolean' } }, `Usage: node ${script} [--check]`);
  const { code } = await format(file, await page(), await readJson('.oxfmtrc.json'));
  return writeGenerated({ file, text: code, check: check === true, script });
});

/** Returns the page as Markdown. */
async function page() {
  const { contributes } = await readJson('package.json');
  const texts = await readJson('package.nls.json');
  /** @param {string} key */
  const translate = (key) => String(texts[key.slice(1, -1)]);
  const sections = contributes.configuration.map(
    (/** @type {{ title: string, properties: Record<string, Setting> }} */ { title, properties }) =>
      [
        `## ${translate(title)}`,
        ...Object.entries(properties).map((entry) => settingText(entry, translate)),
      ].join('\n\n'),
  );
  return ['# Settings', ...sections].join('\n\n');
}

/**
 * @param {[string, Setting]} entry
 * @param {(key: string) => string} translate
 */
function settingText([name, setting], translate) {
  const value = JSON.stringify(setting.default);
  const choices = setting.enum?.map((choice, index) => {
    const texts = setting.enumDescriptions ?? setting.markdownEnumDescriptions ?? [];
    return `- \`${choice}\`: ${withLinks(translate(texts[index] ?? ''))}`;
  });
  return [
    `### \`${name}\``,
    withLinks(translate(setting.markdownDescription)),
    ...(choices ? [choices.join('\n')] : []),
    `Default: \`${value}\`. Set in ${scopes.get(setting.scope)}.`,
  ].join('\n\n');
}

/**
 * Returns a text with links to other settings, which the Settings editor writes as `#name#`, as links of this page.
 * @param {string} text
 */
function withLinks(text) {
  return text.replaceAll(
    /`#(?<name>[\w.]+)#`/gu,
    (_, /** @type {string} */ name) => `[\`${name}\`](#${name.replaceAll('.', '').toLowerCase()})`,
  );
}

/** @param {string} path */
async function readJson(path) {
  return JSON.parse(await readFile(fromRoot(path), 'utf8'));
}
