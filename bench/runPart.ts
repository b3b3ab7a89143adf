// Measures one part in a process of its own, so that none warms another one up: runPart NAME SETUP. Sends the result.
import { nodeParts } from './parts.js';
import type { Setup } from './harness/setup.js';

const [name = '', setup = ''] = process.argv.slice(2);
const part = nodeParts[name];
if (!part) throw new Error(`There is no part ${name}.`);
// Ctrl+C ends the benchmark, and the part with it.
process.once('disconnect', () => process.exit());
process.send?.(await part(JSON.parse(setup) as Setup));
process.disconnect();
