import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { serverEntrySchema } from '../../../../src/discovery/configuration/serverEntry.js';
import { configured, english, FakeFiles } from '../support/fakes.js';

/** The tests run at the root of the project. */
const text = readFileSync(join(process.cwd(), 'docs/configuration.md'), 'utf8');

describe('The documentation of configuration files', () => {
  it('has a row for every property, and for nothing else', () => {
    const [, table = ''] = /## Properties of a server\n([\s\S]*?)\n## /u.exec(text) ?? [];
    const rows = [...table.matchAll(/^\| (?<names>`[^|]*`) *\|/gmu)].map(
      ({ groups }) => groups?.['names'] ?? '',
    );
    const named = rows.flatMap((row) => [...row.matchAll(/`([^`]+)`/gu)].map(([, name = '']) => name));
    assert.deepEqual(named.toSorted(), Object.keys(serverEntrySchema(english).entries).toSorted());
  });

  it('has examples that work as they are', async () => {
    const examples = [...text.matchAll(/```jsonc\n(?<code>[\s\S]*?)```/gu)];
    const files = new FakeFiles({ '.env': '', 'package.json': { scripts: { dev: 'vite' } } });
    const read = await Promise.all(
      examples.map(({ groups }) => configured({ text: groups?.['code'] ?? '', files })),
    );
    assert.deepEqual(
      read.map(({ definitions, problems }) => [definitions.map(({ id, group }) => [id, group]), problems]),
      [
        [
          [
            ['shop:api', 'shop'],
            ['shop:web', 'shop'],
          ],
          [],
        ],
        [[['shop:docs', undefined]], []],
        [
          [
            ['shop:db', undefined],
            ['shop:gateway', undefined],
          ],
          [],
        ],
      ],
    );
  });
});
