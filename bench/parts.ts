import type { PartResult } from './harness/result.js';
import type { Setup } from './harness/setup.js';
import { all } from './parts/all.js';
import { start } from './parts/start.js';

/** What is measured in a process of its own, by the name that picks it on the command line. */
export const nodeParts: Readonly<Record<string, (setup: Setup) => Promise<PartResult>>> = {
  start,
  all,
};

/** What is measured inside the extension host of a real VS Code; `vscode/index.ts` has the parts by these names. */
export const vscodeParts: readonly string[] = [];
