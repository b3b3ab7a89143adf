import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { AgentRefusal } from '../../../../src/core/agents/answer.js';
import { findServer } from '../../../../src/core/agents/findServer.js';
import { redactSecrets } from '../../../../src/core/agents/sanitize.js';
import type { ServerRecord } from '../../../../src/core/registry/snapshot.js';
import { definition } from '../support/fakes.js';

/** Longest processor time, milliseconds. With work of more than linear time, each of these tests takes ten seconds. */
const maxMs = 2500;

/** Runs the work, and requires that it takes little processor time. */
function quickly<Result>(work: () => Result): Result {
  const before = process.threadCpuUsage?.() ?? process.cpuUsage();
  const result = work();
  const { user } = process.threadCpuUsage?.(before) ?? process.cpuUsage(before);
  assert.ok(user / 1000 < maxMs, `${user / 1000} ms`);
  return result;
}

describe('an answer to an agent takes little time', () => {
  it('if it suggests ids in a workspace of many servers with long ids', () => {
    const folder = 'packages/with/long/names/'.repeat(10);
    const servers = Array.from({ length: 20_000 }, (_, index): ServerRecord => ({
      definition: definition(`shop/${folder}${index}:dev`),
      state: { kind: 'stopped', lastEnd: undefined },
      retired: false,
    }));
    const registry = { find: () => undefined, current: { version: 1, closed: false, servers } };
    const find = (): unknown => findServer(registry, 'zq'.repeat(100));
    assert.throws(() => quickly(find), AgentRefusal);
    const closest = (id: string): unknown => {
      try {
        return findServer(registry, id);
      } catch (error) {
        return error instanceof AgentRefusal && error.answer.data['closest'];
      }
    };
    assert.deepEqual(
      quickly(() => (closest(`shop/${folder}71:deg`) as string[])[0]),
      `shop/${folder}71:dev`,
    );
  });

  it('if it hides the values of variables with many lines', () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => `${index}`.padEnd(9, 'z'));
    const text = `${'0123456789 \n'.repeat(5000)}99zzzzzzz.`;
    const redacted = quickly(() => redactSecrets(text, { env: { KEY: lines.join('\n') } }));
    assert.deepEqual(redacted, text.replace('99zzzzzzz', '[value of KEY]'));
  });
});
