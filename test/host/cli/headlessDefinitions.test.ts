import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { HeadlessDefinitions } from '../../../src/cli/headless/headlessDefinitions.js';

describe('the definitions of a folder without a window', () => {
  let folder: string;
  const defined: string[][] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-definitions-'));
    mkdirSync(join(folder, '.vscode'));
    defined.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (...ids: string[]): void => {
    const servers = ids.map((id) => ({ id, command: 'node server.mjs' }));
    writeFileSync(join(folder, '.vscode/dev-servers.json'), JSON.stringify({ servers }));
  };

  it('are read once for all earlier calls, and again for calls during the read', async () => {
    let whenDefined: (() => void) | undefined;
    const definitions = new HeadlessDefinitions(folder, {
      define: (found) => {
        defined.push(found.map(({ name }) => name));
        whenDefined?.();
        return Promise.resolve({ version: 1, servers: [], closed: false });
      },
    });
    write('web');
    const meanwhile: Promise<void>[] = [];
    whenDefined = () => {
      whenDefined = undefined;
      write('web', 'api');
      meanwhile.push(definitions.scan(), definitions.scan());
    };
    await Promise.all([definitions.scan(), definitions.scan(), definitions.scan()]);
    await Promise.all(meanwhile);
    assert.deepEqual(defined, [['web'], ['web', 'api']]);
  });
});
