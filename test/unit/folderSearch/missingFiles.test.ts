import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { missingFiles } from '../../../src/folderSearch/missingFiles.js';

describe('files that a folder lacks', () => {
  let root = '';
  let web = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'dev-servers-missing-'));
    web = join(root, 'apps/web');
    mkdirSync(web, { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const declare = (names: readonly string[], field = 'dependencies'): void =>
    writeFileSync(
      join(web, 'package.json'),
      JSON.stringify({ [field]: Object.fromEntries(names.map((name) => [name, '*'])) }),
    );
  const install = (folder: string, ...names: readonly string[]): void => {
    for (const name of names) mkdirSync(join(folder, 'node_modules', name), { recursive: true });
  };
  const texts = async (): Promise<readonly string[]> =>
    (await missingFiles({ cwd: web, command: { kind: 'shell', line: 'vite' } }, root)).map(
      ({ text }) => text,
    );

  it('include all packages after a clone', async () => {
    declare(['vite', '@vue/runtime-dom'], 'devDependencies');
    assert.deepEqual(await texts(), [`The packages of ${web} are not installed.`]);
  });

  it('exclude packages in this folder or a parent folder', async () => {
    declare(['vite', '@vue/runtime-dom']);
    install(web, 'vite');
    install(root, '@vue/runtime-dom');
    assert.deepEqual(await texts(), []);
  });

  it('include packages that were added since the installation', async () => {
    declare(['vite', 'a', 'b', 'c', '@d/e']);
    install(root, 'vite');
    assert.deepEqual(await texts(), [`Packages of ${web} are not installed: a, b, c and 1 more.`]);
  });

  it('exclude packages with Plug’n’Play, without package.json, or with an invalid name', async () => {
    assert.deepEqual(await texts(), []);
    declare(['../../../secret', '', '\u001b[31m']);
    assert.deepEqual(await texts(), []);
    declare(['vite']);
    writeFileSync(join(root, '.pnp.cjs'), '');
    assert.deepEqual(await texts(), []);
  });

  it('include an environment file for which there is an example', async () => {
    writeFileSync(join(web, '.env.sample'), '');
    assert.deepEqual(await texts(), [`${web} has .env.sample, but no .env.`]);
    writeFileSync(join(web, '.env'), '');
    assert.deepEqual(await texts(), []);
  });
});
