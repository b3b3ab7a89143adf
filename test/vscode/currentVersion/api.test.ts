import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extensions } from 'vscode';
import type { DevServersApi } from '../../../src/api.js';
import type { TestHooks } from '../../../src/composition/extensionRuntime.js';
import { activeApi, recordOf, stopAll } from '../support/servers.js';

describe('the API for other extensions', () => {
  let internals: TestHooks;
  let api: DevServersApi;
  before(async () => {
    internals = await activeApi();
    const extension = extensions.getExtension<DevServersApi>('dev-server-registry.dev-server-registry');
    assert.ok(extension);
    api = extension.exports;
  });
  afterEach(() => stopAll(internals));

  it('works as the sample in its documentation shows', async () => {
    const root = extensions.getExtension('dev-server-registry.dev-server-registry')?.extensionPath ?? '';
    const documentation = readFileSync(join(root, 'docs/api.md'), 'utf8');
    const sample = /^```js\n(?<code>[^]*?)^```$/mu.exec(documentation)?.groups?.['code'];
    assert.ok(sample);
    const printed: unknown[] = [];
    const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as new (
      ...parts: string[]
    ) => (...values: unknown[]) => Promise<unknown[]>;
    const run = new AsyncFunction('require', 'console', `${sample}\nreturn [url, text, server.id];`);
    const [url, text, id] = await run(require, { log: (count: unknown) => printed.push(count) });
    assert.match(String(url), /^http:/u);
    assert.match(String(text), /API ready at http:/u);
    assert.ok(printed.length > 0);
    assert.equal(recordOf(internals, String(id)).state.kind, 'stopped');
  });

  it('rejects with a reason for code', async () => {
    await assert.rejects(api.start('no such server'), { reason: 'unknownServer' });
    await assert.rejects(api.start('workspace/apps/crashy:dev', { by: 'Test' }), { reason: 'notReady' });
  });

  it('shows who started a server', async () => {
    const { startedBy, startedByKind } = await api.start('workspace/apps/api:dev', { by: 'My Extension' });
    assert.deepEqual([startedBy, startedByKind], ['My Extension', 'agent']);
  });
});
