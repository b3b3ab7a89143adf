// @ts-check
// Bundles the unit tests with the mutants, in the sandbox of Stryker.
import { bundleTests } from '../mocha/bundle.mjs';

await bundleTests('unit');
