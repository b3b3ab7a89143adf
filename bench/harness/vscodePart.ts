import type { PartRecord } from './result.js';
import type { Setup } from './setup.js';

/** Measures a part inside the extension host of a real VS Code. */
export function measureInVsCode(name: string, _setup: Setup): Promise<PartRecord> {
  throw new Error(`There is no part ${name}.`);
}
