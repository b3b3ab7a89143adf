// @ts-check
// Lives as long as the script that started it. When the script's end closes the input, what is still registered was
// not cleaned up: processes are ended and folders removed.
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { endFamily } from './processes.mjs';

/** @typedef {import('./guardian.mjs').Charge} Charge */

/** @type {Map<number, Charge>} */
const charges = new Map();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const { id, charge } = /** @type {{ id: number, charge?: Charge }} */ (JSON.parse(line));
  if (charge === undefined) charges.delete(id);
  else charges.set(id, charge);
}

const left = [...charges.values()];
await Promise.allSettled(left.map(endProcesses));
for (const charge of left) {
  if ('folder' in charge) rmSync(charge.folder, { recursive: true, force: true, maxRetries: 5 });
}

/** @param {Charge} charge */
async function endProcesses(charge) {
  if ('root' in charge) await endFamily(charge.root, charge.marker, charge.graceMs);
}
