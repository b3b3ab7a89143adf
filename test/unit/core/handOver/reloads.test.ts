import { describe, it } from 'vitest';
import { exploreReloads } from '../../../interleavings/reloads.js';

const { INTERLEAVING_RUNS = '10000', INTERLEAVING_SEED = String(Date.now() % 2 ** 31) } = process.env;

describe('windows that are killed and reloaded', () => {
  it('lose no server and leave none behind in any interleaving', { timeout: 0 }, async () => {
    await exploreReloads({ numRuns: Number(INTERLEAVING_RUNS), seed: Number(INTERLEAVING_SEED) });
  });
});
