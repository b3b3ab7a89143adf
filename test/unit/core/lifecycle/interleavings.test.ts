import { beforeAll, describe, it } from 'vitest';
import { explore } from '../../../interleavings/exploration.js';

const {
  INTERLEAVING_RUNS = '1000',
  INTERLEAVING_SEED = String(Date.now() % 2 ** 31),
  INTERLEAVING_SHRINK = 'yes',
} = process.env;

describe('the interleavings', () => {
  beforeAll(() => console.log(`    ${INTERLEAVING_RUNS} schedules, seed ${INTERLEAVING_SEED}`));

  it('keep every promise of registry and lifecycle', { timeout: 0 }, async () => {
    await explore({
      runs: Number(INTERLEAVING_RUNS),
      seed: Number(INTERLEAVING_SEED),
      shrink: INTERLEAVING_SHRINK === 'yes',
    });
  });
});
