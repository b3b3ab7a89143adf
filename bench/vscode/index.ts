// Measures one part: the extension host calls `run` when it is started with this module as its tests.
import { writeFileSync } from 'node:fs';
import { noCounts, writeCounts } from '../../scripts/lib/counts.mjs';
import type { PartResult } from '../harness/result.js';
import type { Setup } from '../harness/setup.js';
import { activation } from './activation.js';
import { flood } from './flood.js';
import { terminal } from './terminal.js';
import { tree } from './tree.js';

const parts: Readonly<Record<string, (setup: Setup) => Promise<PartResult>>> = {
  terminal,
  flood,
  activation,
  tree,
};

/** Measures a part and writes the result to a file for the script that started VS Code. */
export async function run(): Promise<void> {
  const {
    BENCH_PART: name = '',
    BENCH_SETUP: setup = '',
    BENCH_RESULT: file = '',
    TEST_REPORT: report = '',
  } = process.env;
  const part = parts[name];
  if (!part) throw new Error(`There is no part ${name}.`);
  try {
    writeFileSync(file, JSON.stringify(await part(JSON.parse(setup) as Setup)));
  } catch (error) {
    // The window does not show errors of tests.
    writeFileSync(file, JSON.stringify({ failure: error instanceof Error ? error.stack : String(error) }));
  }
  writeCounts(report, { ...noCounts(), passed: 1 });
}
