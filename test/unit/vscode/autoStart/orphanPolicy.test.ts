import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { Orphan, OrphanFate } from '../../../../src/core/server/otherWindows.js';
import { applyOrphanPolicy } from '../../../../src/vscode/autoStart/orphanPolicy.js';
import type { Definitions } from '../../../../src/vscode/workspace/definitions.js';
import { english, world } from '../../core/support/fakes.js';
import { editor } from '../support/fakeEditor.js';

describe('a server that a dead window has left running', () => {
  const answers: readonly (readonly [answer: string | undefined, fate: OrphanFate, state: string])[] = [
    ['Keep It', 'given', 'a: external'],
    ['Stop It', 'ended', 'a: stopped'],
    [undefined, 'kept', 'a: stopped'],
  ];

  for (const [answer, fate, state] of answers) {
    it(`is ${fate} when the answer to the question is ${answer ?? 'missing'}`, async () => {
      editor.reset('shop');
      editor.settings = { 'devServers.orphans': 'ask' };
      editor.answer = () => answer;
      const { registry, lifecycle, states } = await world();
      const [record] = registry.current.servers;
      assert.ok(record);
      const { id, folder, cwd } = record.definition;
      const process = { pid: 7, startTime: '1', bootId: 'b' };
      const orphan: Orphan = { runId: 'r', serverId: id, folder, cwd, process, url: undefined, hostPid: 6 };
      const fates: OrphanFate[] = [];
      await applyOrphanPolicy({
        keeper: {
          findOrphans: () => Promise.resolve([orphan]),
          endOrphans: (fateOf) => Promise.resolve(fates.push(fateOf?.(orphan) ?? 'ended')),
        },
        registry,
        lifecycle,
        definitions: { whenScanned: () => Promise.resolve() } as Definitions,
        l10n: english,
        log: { info: () => undefined, error: (message, error) => assert.fail(`${message} ${String(error)}`) },
      });
      assert.deepEqual([fates, states()[0]], [[fate], state]);
    });
  }

  it('is kept when it cannot be adopted, and keeps no other one from being adopted', async () => {
    editor.reset('shop');
    editor.settings = { 'devServers.orphans': 'adopt' };
    const { registry, lifecycle, processes } = await world();
    processes.gate = () =>
      processes.calls.at(-1) === 'adopt r0' ? Promise.reject(new Error('gone')) : Promise.resolve();
    const orphans = registry.current.servers.map(({ definition: { id, folder, cwd } }, index): Orphan => {
      const process = { pid: 7 + index, startTime: '1', bootId: 'b' };
      return { runId: `r${index}`, serverId: id, folder, cwd, process, url: undefined, hostPid: 6 };
    });
    let fates: readonly OrphanFate[] = [];
    const errors: string[] = [];
    await applyOrphanPolicy({
      keeper: {
        findOrphans: () => Promise.resolve(orphans),
        endOrphans: (fateOf) => Promise.resolve((fates = orphans.map((each) => fateOf?.(each) ?? 'ended'))),
      },
      registry,
      lifecycle,
      definitions: { whenScanned: () => Promise.resolve() } as Definitions,
      l10n: english,
      log: { info: () => undefined, error: (message) => void errors.push(message) },
    });
    assert.deepEqual([fates.slice(0, 2), errors], [['kept', 'given'], ['a could not be adopted']]);
  });
});
