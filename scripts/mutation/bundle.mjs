// @ts-check
// Bundles the unit tests inside a sandbox, with the mutants in them.
import { bundleTests } from '../mocha/bundle.mjs';

await bundleTests('unit');
