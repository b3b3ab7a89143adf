import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { answerTimeOf, PendingRequests } from '../../../../src/host/client/pendingRequests.js';

describe('a request to the process host', () => {
  const reasonOf = (answer: Promise<unknown>): Promise<unknown> =>
    answer.then(
      () => 'answered',
      ({ reason }: { reason?: string }) => reason,
    );

  it('is given up when its time is over, and no other request is', async () => {
    const requests = new PendingRequests();
    const short = reasonOf(requests.answerTo(1, 2000));
    const long = reasonOf(requests.answerTo(2, 60_000));
    assert.deepEqual(
      [1000, 1000, 1000].map((intervalMs) => requests.giveUpOverdue(intervalMs)),
      [false, true, false],
    );
    assert.equal(await short, 'hostFrozen');
    assert.equal(requests.settle({ kind: 'done', request: 2, answer: undefined }), true);
    assert.equal(await long, 'answered');
  });

  it('recognizes a late answer, but not a sign of life', async () => {
    const requests = new PendingRequests();
    const given = reasonOf(requests.answerTo(1, 1));
    requests.giveUpOverdue(1000);
    assert.equal(await given, 'hostFrozen');
    const late = { kind: 'done', request: 1, answer: undefined } as const;
    assert.deepEqual(
      [requests.settle({ ...late, request: 7 }), requests.settle(late), requests.settle(late)],
      [false, true, false],
    );
  });

  it('has the grace period of a stop in addition', () => {
    const stop = { runId: 'window-1', signal: 'SIGTERM', graceMs: 5000 } as const;
    assert.equal(answerTimeOf({ kind: 'stop', request: 1, stop }, 1000), 6000);
    assert.equal(answerTimeOf({ kind: 'inspectPort', request: 1, port: 80 }, 1000), 1000);
  });
});
