// @ts-check
// Runs the unit tests of the core on the mutant that the environment names, up to the first failure.
import { filesBelow } from '../lib/files.mjs';
import { fromRoot } from '../lib/paths.mjs';
import { runMocha } from '../mocha/runner.mjs';

const files = filesBelow(fromRoot('out', 'test', 'unit', 'core'), '.test.js');
// The exploration takes its time to find the shortest counterexample, so the others go first.
const [explorations, others] = [true, false].map((wanted) =>
  files.filter((file) => file.includes('interleavings') === wanted),
);
const counts = await runMocha([...(others ?? []), ...(explorations ?? [])], { bail: true, reporter: 'dot' });
// A mutant may leave anything open.
process.exit(counts.failed > 0 ? 1 : 0);
