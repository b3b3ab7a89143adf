import assert from 'node:assert/strict';
import { isAbsolute } from 'node:path';
import { afterEach, describe, it, vi } from 'vitest';
import { storageFolders } from '../../../src/cli/windows/recordFolders.js';

describe('the folders of records', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('are never in the current folder, even if the environment names no home', () => {
    vi.stubEnv('DEV_SERVERS_WINDOWS', undefined);
    for (const [home, config] of [
      ['', ''],
      ['', 'relative'],
      ['relative', undefined],
    ]) {
      vi.stubEnv('HOME', home);
      vi.stubEnv('XDG_CONFIG_HOME', config);
      assert.deepEqual(
        storageFolders().filter((each) => !isAbsolute(each)),
        [],
      );
    }
  });
});
