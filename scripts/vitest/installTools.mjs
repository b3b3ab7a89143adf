// @ts-check
import { ensureDependencies, testTools } from '../lib/workspace.mjs';

/** Installs the tools with which the tests of the host start servers. */
export const setup = () => ensureDependencies(testTools);
