// @ts-check
// A test runner for Stryker: loads the bundled tests once, and runs for each mutant only the tests that reach it, which
// is many times faster than a process for each. Stryker's own runner does not support this version of mocha.
import { createMocha } from '../mocha/runner.mjs';
import { bundledTests } from './bundledTests.mjs';

/**
 * State that the instrumented code shares with its runner.
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

/** Time limit of a test, milliseconds. Instrumented code is slow; a test that hangs because of its mutant has failed. */
const limitMs = 5_000;

/** Global variable in which the instrumented code expects the shared state. */
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
      return { status: 'timeout', reason: 'The hit limit was reached.' };
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
    let startedAt = performance.now();
    /** @param {Mocha.Test} test @param {string} [failureMessage] */
    const add = (test, failureMessage) => {
      const id = test.ctx?.currentTest?.fullTitle() ?? test.fullTitle();
      const timeSpentMs = performance.now() - startedAt;
      startedAt = performance.now();
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

/** Export that Stryker reads from a plugin. */
export const strykerPlugins = [
  { kind: 'TestRunner', name: 'bundled-mocha', factory: () => new BundledMochaRunner() },
];
