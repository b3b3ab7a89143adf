// Measures starts in a process of a given weight: heavyProcess MIB ROUNDS. Sends the times to its parent.
import { measureStarts } from './harness/startTimes.js';

const [mebibytes, count] = process.argv.slice(2).map(Number);
const ballast = Buffer.alloc((mebibytes ?? 0) * 1024 * 1024, 1);
process.send?.(await measureStarts(count ?? 0));
process.disconnect();
// Used last, so that it is kept until here.
ballast.fill(0);
