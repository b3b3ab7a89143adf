import { explore } from '../../interleavings/exploration.js';

const { INTERLEAVING_RUNS = '1000', INTERLEAVING_SEED = String(Date.now() % 2 ** 31) } = process.env;
const runs = Number(INTERLEAVING_RUNS);
const seed = Number(INTERLEAVING_SEED);

describe('the interleavings', () => {
  it(`keep every promise of registry and lifecycle in ${runs} schedules (seed ${seed})`, async () => {
    await explore({ runs, seed });
  }).timeout(0);
});
