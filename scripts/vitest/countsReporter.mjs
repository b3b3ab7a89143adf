// @ts-check
import { failure, noCounts, writeCounts } from '../lib/counts.mjs';
import { resultFile } from '../lib/paths.mjs';

/** Writes the counts of a run for the summary of `npm test`, and prints why tests were skipped. */
export default class CountsReporter {
  #stage = '';

  /**
   * The stage is named as the first project of the run.
   * @param {import('vitest/node').Vitest} vitest
   */
  onInit({ projects }) {
    this.#stage = projects[0]?.name ?? '';
  }

  /** @param {ReadonlyArray<import('vitest/node').TestModule>} modules */
  onTestRunEnd(modules) {
    const counts = noCounts();
    for (const module of modules) {
      for (const { message } of module.errors())
        counts.failures.push(failure(module.relativeModuleId, message));
    }
    for (const test of modules.flatMap(({ children }) => [...children.allTests()])) {
      const result = test.result();
      if (result.state !== 'pending') counts[result.state] += 1;
      if (result.state === 'failed') counts.failures.push(failure(test.fullName, result.errors[0]?.message));
      if (result.state === 'skipped' && result.note !== undefined)
        console.log(`Skipped: ${test.fullName} (${result.note})`);
    }
    writeCounts(resultFile(this.#stage), counts);
  }
}
