// Measures one part in a separate process, so that no part warms up another one: runPart NAME SETUP. Sends the result.
import { nodeParts } from './parts.js';
import type { Setup } from './harness/setup.js';

const [name = '', setup = ''] = process.argv.slice(2);
const part = nodeParts[name];
if (!part) throw new Error(`There is no part ${name}.`);
// When Ctrl+C ends the benchmark, this process exits as well.
process.once('disconnect', () => process.exit());
process.send?.(await part(JSON.parse(setup) as Setup));
process.disconnect();
