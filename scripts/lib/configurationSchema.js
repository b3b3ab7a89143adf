// Derives the JSON schema of `.vscode/dev-servers.json` from the setting for the same servers in package.json, so that both
// accept the same properties.
'use strict';

const { readFileSync } = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..', '..');

/** @typedef {{ properties: Record<string, unknown> }} Section one of the settings in package.json */

/**
 * Returns the schema, with the English texts of package.nls.json.
 * @returns {Record<string, unknown>}
 */
function configurationSchema() {
  const texts = readJson('package.nls.json');
  const { contributes } = readJson('package.json');
  const items = contributes.configuration
    .map((/** @type {Section} */ { properties }) => properties['devServers.servers'])
    .find((/** @type {unknown} */ setting) => setting !== undefined).items;
  return withTexts(
    {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      description: 'Development servers of this folder, shared with all users who open it.',
      additionalProperties: false,
      allowComments: true,
      allowTrailingCommas: true,
      properties: {
        $schema: { type: 'string' },
        servers: {
          type: 'array',
          description: 'Servers in addition to the detected ones.',
          items,
        },
        groups: {
          type: 'object',
          description:
            'Groups of servers: the ids of the servers by the name of the group. A server can be in one group only.',
          additionalProperties: {
            type: 'array',
            description: 'The ids of the servers in this group.',
            items: { type: 'string', minLength: 1 },
          },
        },
      },
    },
    texts,
  );
}

/**
 * Replaces the keys of texts with the texts, and adds them as `description` for editors without Markdown.
 * @param {any} value
 * @param {Record<string, string>} texts
 * @returns {any}
 */
function withTexts(value, texts) {
  if (Array.isArray(value)) return value.map((each) => withTexts(each, texts));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, child]) => {
    const text = typeof child === 'string' ? texts[/^%(.+)%$/.exec(child)?.[1] ?? ''] : undefined;
    if (key !== 'markdownDescription' || text === undefined) return [[key, withTexts(child, texts)]];
    return [
      ['description', text],
      [key, text],
    ];
  });
  return Object.fromEntries(entries);
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8'));
}

module.exports = { configurationSchema };
