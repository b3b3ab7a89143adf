import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, it } from 'vitest';

describe('the cache of installed programs', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-cache-'));
    mkdirSync(join(folder, 'packages'));
    write('package.json', { name: 'tools', version: '1.0.0' });
    write('package-lock.json', {
      name: 'tools',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: { '': { name: 'tools', version: '1.0.0' } },
    });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const write = (name: string, content: object): void =>
    writeFileSync(join(folder, 'packages', name), JSON.stringify(content));

  /** Installs in a process of its own, as another clone would. Returns what it printed. */
  function install(): string {
    const script = `
      import { installOnce } from ${JSON.stringify(pathToFileURL(join(process.cwd(), 'scripts/lib/cache.mjs')).href)};
      import { writeFileSync } from 'node:fs';
      await installOnce(
        {
          product: 'Tools',
          name: 'tools',
          packages: ${JSON.stringify(join(folder, 'packages'))},
          requiredFiles: (root) => [root + '/program'],
        },
        async (root) => writeFileSync(root + '/program', 'runs'),
      );`;
    const env = { ...process.env, DEV_SERVERS_CACHE: join(folder, 'cache') };
    const options = { cwd: process.cwd(), env, encoding: 'utf8' } as const;
    return execFileSync(process.execPath, ['--input-type=module', '-e', script], options).replaceAll(
      /\d+ s|\S*tools-[\da-f]{12}/gu,
      '…',
    );
  }

  const installed = (): string[] =>
    readdirSync(join(folder, 'cache')).filter((name) => /^tools-[\da-f]{12}$/u.test(name));

  const setUp = 'Setting up Tools (once; log: ….log)\nSet up Tools in …\n';

  it('is filled once for all clones', () => {
    assert.deepEqual([install(), install(), installed().length], [setUp, '', 1]);
  });

  it('notices an installation that is broken, and makes it again', () => {
    writeFileSync(join(folder, 'cache', installed()[0] ?? '', 'program'), '');
    assert.equal(
      install(),
      `Tools is broken and is installed again: …/program is missing or empty.\n${setUp}`,
    );
    assert.equal(install(), '');
  });

  it('makes another installation when the list of packages changes', () => {
    write('package.json', { name: 'tools', version: '1.0.0', private: true });
    assert.deepEqual([install(), installed().length], [setUp, 2]);
  });
});
