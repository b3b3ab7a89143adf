// @ts-check
// A test runner for Stryker: loads the bundled tests once, and runs for each mutant only the tests that reach it. That is
// many times faster than a process for each. Stryker's own does not know this version of mocha.
import { createMocha } from '../mocha/runner.mjs';
import { bundledTests } from './bundledTests.mjs';

/**
 * What the instrumented code shares with its runner.
 * @typedef {object} Context
 * @property {string | undefined} [activeMutant]
 * @property {string | undefined} [currentTestId]
 * @property {unknown} [mutantCoverage]
 * @property {number | undefined} [hitLimit]
 * @property {number | undefined} [hitCount]
 */

/**
 * @typedef {object} MutantRun
 * @property {{ id: string }} activeMutant
 * @property {'static' | 'runtime'} mutantActivation
 * @property {string[]} [testFilter]
 * @property {number} [hitLimit]
 */

/** @typedef {{ id: string, name: string, status: 0 | 1, timeSpentMs: number, failureMessage?: string }} TestResult */

/** A test that waits for ever because of its mutant has failed; with mutants in it, code is slow, milliseconds. */
const limitMs = 5_000;

/** Where the instrumented code looks for it. */
const contextName = '__stryker__';

class BundledMochaRunner {
  /** @type {Mocha | undefined} */
  #mocha;
  #isLoaded = false;
  #context = sharedContext();
  /** @type {(title: string) => void} */
  #onTest = () => undefined;

  capabilities() {
    return { reloadEnvironment: false };
  }

  async init() {
    const mocha = await createMocha({ reporter: 'base', timeout: limitMs, bail: true });
    mocha.cleanReferencesAfterRun(false);
    for (const file of bundledTests()) mocha.addFile(file);
    const onTest = (/** @type {string} */ title) => this.#onTest(title);
    mocha.suite.beforeEach(function () {
      onTest(this.currentTest?.fullTitle() ?? '');
    });
    this.#mocha = mocha;
  }

  async dryRun() {
    this.#onTest = (title) => {
      this.#context.currentTestId = title;
    };
    const tests = await this.#run();
    this.#onTest = () => undefined;
    return { status: 'complete', tests, mutantCoverage: this.#context.mutantCoverage };
  }

  /** @param {MutantRun} run */
  async mutantRun({ activeMutant, mutantActivation, testFilter, hitLimit }) {
    const context = this.#context;
    context.hitLimit = hitLimit;
    context.hitCount = hitLimit === undefined ? undefined : 0;
    context.activeMutant = mutantActivation === 'static' ? activeMutant.id : undefined;
    await this.#load();
    context.activeMutant = activeMutant.id;
    const tests = await this.#run(testFilter);
    if (hitLimit !== undefined && (context.hitCount ?? 0) > hitLimit)
      return { status: 'timeout', reason: 'It runs for ever.' };
    const failed = tests.filter(({ status }) => status === 1);
    const [first] = failed;
    if (first === undefined) return { status: 'survived', nrOfTests: tests.length };
    const { failureMessage } = first;
    return {
      status: 'killed',
      failureMessage,
      killedBy: failed.map(({ id }) => id),
      nrOfTests: tests.length,
    };
  }

  async #load() {
    if (this.#isLoaded) return;
    await this.#mocha?.loadFilesAsync();
    this.#isLoaded = true;
  }

  /**
   * @param {string[]} [titles] all tests without it
   * @returns {Promise<TestResult[]>}
   */
  async #run(titles) {
    await this.#load();
    const mocha = this.#mocha;
    if (mocha === undefined) throw new Error('The runner was not initialized.');
    mocha.grep(titles === undefined ? /(?:)/ : new RegExp(titles.map(exactly).join('|')));
    /** @type {TestResult[]} */
    const results = [];
    let since = performance.now();
    /** @param {Mocha.Test} test @param {string} [failureMessage] */
    const add = (test, failureMessage) => {
      const id = test.ctx?.currentTest?.fullTitle() ?? test.fullTitle();
      const timeSpentMs = performance.now() - since;
      since = performance.now();
      const result = { id, name: id, timeSpentMs };
      results.push(
        failureMessage === undefined ? { ...result, status: 0 } : { ...result, status: 1, failureMessage },
      );
    };
    await new Promise((resolve) => {
      const runner = mocha.run(resolve);
      runner.on('pass', (test) => add(test));
      runner.on('fail', (test, /** @type {Error} */ error) => add(test, error.message || 'failed'));
    });
    return results;
  }
}

/** @returns {Context} */
function sharedContext() {
  const shared = /** @type {Record<string, Context | undefined>} */ (/** @type {unknown} */ (globalThis));
  const context = shared[contextName] ?? {};
  shared[contextName] = context;
  return context;
}

/** @param {string} title */
function exactly(title) {
  return `^${title.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)}$`;
}

/** What Stryker looks for in a plugin. */
export const strykerPlugins = [
  { kind: 'TestRunner', name: 'bundled-mocha', factory: () => new BundledMochaRunner() },
];
