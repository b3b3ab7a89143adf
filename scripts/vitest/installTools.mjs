// @ts-check
import { ensureDependencies, testTools } from '../lib/workspace.mjs';

/** Installs the tools that the tests of the process host use to start servers. */
export const setup = () => ensureDependencies(testTools);
