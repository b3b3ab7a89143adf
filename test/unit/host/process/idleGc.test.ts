import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { IdleGc } from '../../../../src/host/process/idleGc.js';
import { until } from '../../../support/processes.js';

describe('the tidying of the process host', () => {
  it('collects twice after all that was done, and again after the next thing', async () => {
    let collected = 0;
    const tidying = new IdleGc(() => collected++, 5);
    for (let done = 0; done < 5; done += 1) tidying.schedule();
    assert.equal(collected, 0);
    await until('both collections', () => collected === 2);
    await sleep(50);
    assert.equal(collected, 2);
    tidying.schedule();
    await until('both collections after the next thing', () => collected === 4);
  });

  it('does nothing where garbage cannot be collected at will', async () => {
    new IdleGc(undefined, 1).schedule();
    await sleep(20);
  });
});
