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
});
