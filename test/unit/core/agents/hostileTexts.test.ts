import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { AgentRefusal } from '../../../../src/core/agents/answer.js';
import { boundedAnswer } from '../../../../src/core/agents/boundedAnswer.js';
import { findServer } from '../../../../src/core/agents/findServer.js';
import { redactSecrets } from '../../../../src/core/agents/sanitize.js';
import type { ServerRecord } from '../../../../src/core/registry/snapshot.js';
import { threadMsOf } from '../../../support/threadTime.js';
import { definition } from '../support/fakes.js';

function findAmong(ids: readonly string[], id: string): ServerRecord {
  const servers = ids.map((each): ServerRecord => ({
    definition: definition(each),
    state: { kind: 'stopped', lastEnd: undefined },
    retired: false,
  }));
  return findServer({ find: () => undefined, current: { version: 1, closed: false, servers } }, id);
}

/** Returns the ids that the refusal of an unknown id suggests. */
function suggested(unknown: string, ids: readonly string[]): string[] | undefined {
  try {
    findAmong(ids, unknown);
  } catch (error) {
    if (error instanceof AgentRefusal) return error.answer.data['closest'] as string[];
  }
  return undefined;
}

it('an id that an answer showed to an agent finds its server', () => {
  const ids = [
    'shop:a\ud83d',
    'shop:a\ud83c',
    'shop:\ude00',
    'shop:\u202eb',
    'shop:c\u0000',
    'shop:d\u{e0041}',
  ];
  const { data } = boundedAnswer({ text: '', data: { ids } });
  const found = (data['ids'] as string[]).map((id) => findAmong(ids, id).definition.id);
  assert.deepEqual(found, ids);
});

describe('an answer to an agent takes little time', () => {
  it('if it suggests ids: only the first 1,000 are compared with a wrong one', () => {
    const ids = Array.from({ length: 999 }, (_, index) => `shop/${index}:build`);
    assert.deepEqual(suggested('shop:deg', [...ids, 'shop:dev'])?.[0], 'shop:dev');
    assert.deepEqual(suggested('shop:deg', ['shop/999:build', ...ids, 'shop:dev'])?.[0], 'shop/0:build');
  });

  it('if it suggests ids: only the ends of long ones are compared', () => {
    const folder = 'packages/with/long/names/'.repeat(10);
    const ids = [
      `shop/${folder}${'web'.repeat(27)}:start`,
      `shop/${'moved/'.repeat(50)}api/${'v1'.repeat(40)}:dev`,
    ];
    assert.deepEqual(suggested(`shop/${folder}api/${'v1'.repeat(40)}:dev`, ids)?.[0], ids[1]);
  });

  it('if it hides the values of variables with many lines', () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => `${index}`.padEnd(9, 'z'));
    const text = `${'0123456789 \n'.repeat(5000)}99zzzzzzz.`;
    const env = { KEY: lines.join('\n') };
    assert.deepEqual(redactSecrets(text, { env }), text.replace('99zzzzzzz', '[value of KEY]'));
    const tenthMs = threadMsOf(() => lines.slice(0, lines.length / 10).map((line) => text.includes(line)));
    const tookMs = threadMsOf(() => redactSecrets(text, { env }));
    assert.ok(tookMs < 5 * tenthMs, `${tookMs} ms; a search for a tenth of the lines takes ${tenthMs} ms`);
  });
});
