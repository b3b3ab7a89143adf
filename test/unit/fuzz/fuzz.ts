import * as fc from 'fast-check';
import { threadMs } from '../../support/threadTime.js';

/** `FUZZ_SECONDS` explores each target for that long; without it, each has a fixed number of runs. */
const { FUZZ_SECONDS, FUZZ_SEED = String(Date.now() % 2 ** 31) } = process.env;

/** Runs of a target in `npm test`. */
const quickRuns = 100;

/** Maximum processor time of one run, milliseconds. Work of more than linear time would take minutes. */
const maxRunMs = 2000;

export const fuzzText =
  FUZZ_SECONDS === undefined
    ? `${quickRuns} runs each, seed ${FUZZ_SEED}`
    : `${FUZZ_SECONDS} s each, seed ${FUZZ_SEED}`;

/** Throws with the smallest input for which `check` throws or takes too long. Tries `firstInputs` in each run. */
export async function fuzz<Input>(
  inputs: fc.Arbitrary<Input>,
  check: (input: Input) => void | Promise<void>,
  firstInputs: readonly Input[] = [],
): Promise<void> {
  const property = fc.asyncProperty(inputs, async (input) => {
    const before = threadMs();
    await check(input);
    const tookMs = threadMs() - before;
    if (tookMs > maxRunMs) throw new Error(`It took ${tookMs} ms.`);
  });
  const limits =
    FUZZ_SECONDS === undefined
      ? { numRuns: quickRuns }
      : { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: Number(FUZZ_SECONDS) * 1000 };
  const examples = firstInputs.map((input): [Input] => [input]);
  await fc.assert(property, { ...limits, examples, seed: Number(FUZZ_SEED) });
}
