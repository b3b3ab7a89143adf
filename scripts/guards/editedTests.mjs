// @ts-check
import { readFileSync } from 'node:fs';
import { startVitest } from 'vitest/node';
import { onExit } from '../lib/cleanup.mjs';
import { fromRoot, repoRoot } from '../lib/paths.mjs';

/** @typedef {import('./guards.mjs').Edit} Edit */

/**
 * @typedef {object} Variant
 * @property {string} name
 * @property {readonly Edit[]} edits of the source, which stays as it is on disk
 * @property {Readonly<Record<string, readonly string[]>>} tests full titles by test file
 * @property {number} limitMs a test that takes longer has failed; without its guard it may wait forever
 */

/** @typedef {ReadonlyMap<string, import('vitest/node').TestCase>} Tests by full title */

/**
 * Makes the exploration of interleavings repeatable and short; a few schedules are enough to reveal a missing guard.
 */
const env = { INTERLEAVING_RUNS: '300', INTERLEAVING_SEED: '1', INTERLEAVING_SHRINK: 'no' };

/**
 * Runs tests on variants of the source, several at a time.
 * @param {readonly Variant[]} variants
 * @param {(variant: Variant, tests: Tests) => void} onEnd receives each variant whose tests have ended, with those that
 *   ran: none of a file that could not be loaded
 */
export async function runVariants(variants, onEnd) {
  const byName = new Map(variants.map((variant) => [variant.name, variant]));
  /** @type {Map<Variant, import('vitest/node').TestModule[]>} */
  const modules = new Map(variants.map((variant) => [variant, []]));
  const vitest = await startVitest('test', [], {
    config: false,
    root: repoRoot,
    watch: false,
    projects: variants.map(projectOf),
    reporters: [
      {
        onTestModuleEnd: (module) => {
          const variant = byName.get(module.project.name);
          const ended = variant && modules.get(variant);
          if (ended?.push(module) === Object.keys(variant?.tests ?? {}).length && variant !== undefined)
            onEnd(variant, testsIn(ended));
        },
      },
    ],
  });
  await onExit(() => vitest.close())();
}

/**
 * @param {Variant} variant
 * @returns {import('vitest/config').TestProjectInlineConfiguration}
 */
function projectOf({ name, edits, tests, limitMs }) {
  const sources = editedSources(edits);
  const titles = Object.values(tests).flat();
  const test = /** @satisfies {import('vitest/node').InlineConfig} */ ({
    name,
    env,
    alias: { vscode: fromRoot('test', 'unit', 'vscode', 'support', 'fakeVscode.ts') },
    include: Object.keys(tests),
    testNamePattern: new RegExp(`^(?:${titles.map(escaped).join('|')})$`),
    testTimeout: limitMs,
    hookTimeout: limitMs,
    pool: 'threads',
    // A worker costs more than most tests, so the files of a variant share one.
    isolate: false,
    maxWorkers: '100%',
  });
  return { plugins: [{ name: 'edits', enforce: 'pre', load: (id) => sources.get(id) }], test };
}

/**
 * Returns the edited files by their id in Vite. Throws an error if the text of an edit does not occur exactly once.
 * @param {readonly Edit[]} edits
 */
export function editedSources(edits) {
  /** @type {Map<string, string>} */
  const sources = new Map();
  for (const { file, from, to } of edits) {
    const id = fromRoot(file).replaceAll('\\', '/');
    const [before, after, ...more] = (sources.get(id) ?? readFileSync(id, 'utf8')).split(from);
    if (after === undefined || more.length > 0)
      throw new Error(`This text does not occur exactly once in ${file}: ${from}`);
    sources.set(id, `${before}${to}${after}`);
  }
  return sources;
}

/** @param {readonly import('vitest/node').TestModule[]} modules */
function testsIn(modules) {
  const tests = modules.flatMap(({ children }) => [...children.allTests()]);
  return new Map(tests.map((test) => [test.fullName.replaceAll(' > ', ' '), test]));
}

/** @param {string} title */
function escaped(title) {
  return title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
