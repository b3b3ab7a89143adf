import type { PartResult } from './harness/result.js';
import type { Setup } from './harness/setup.js';
import { all } from './parts/all.js';
import { cleanup } from './parts/cleanup.js';
import { commandLine } from './parts/commandLine.js';
import { discovery } from './parts/discovery.js';
import { idle } from './parts/idle.js';
import { killLab } from './parts/killLab.js';
import { leader } from './parts/leader.js';
import { locks } from './parts/locks.js';
import { operationsAtOnce } from './parts/operations.js';
import { output } from './parts/output.js';
import { portOwners } from './parts/ports.js';
import { registryAlone } from './parts/registry.js';
import { scanner } from './parts/scanner.js';
import { soak } from './parts/soak.js';
import { start } from './parts/start.js';
import { stopTree } from './parts/stopTree.js';
import { url } from './parts/url.js';

/** Parts that are measured in separate processes, by their names on the command line. */
export const nodeParts: Readonly<Record<string, (setup: Setup) => Promise<PartResult>>> = {
  start,
  leader,
  all,
  'stop-tree': stopTree,
  'kill-lab': killLab,
  cleanup,
  operations: operationsAtOnce,
  locks,
  registry: registryAlone,
  output,
  scanner,
  url,
  ports: portOwners,
  'command-line': commandLine,
  discovery,
  idle,
  soak,
};

/** Parts that are measured in the extension host of a real VS Code; `vscode/index.ts` has the parts by these names. */
export const vscodeParts: readonly string[] = ['terminal', 'flood', 'activation', 'tree'];
