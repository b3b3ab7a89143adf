// @ts-check
// Waits for the end of the script that started it, which closes the input. Resources that are still registered then
// were not cleaned up, so this process ends the processes and removes the folders.
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { endRun } from './processes.mjs';

/** @typedef {import('./reaper.mjs').Resource} Resource */

/** @type {Map<number, Resource>} */
const resources = new Map();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const { id, resource } = /** @type {{ id: number, resource?: Resource }} */ (JSON.parse(line));
  if (resource === undefined) resources.delete(id);
  else resources.set(id, resource);
}

const left = [...resources.values()];
await Promise.allSettled(left.map(endProcesses));
for (const resource of left) {
  if ('folder' in resource) rmSync(resource.folder, { recursive: true, force: true, maxRetries: 5 });
}

/** @param {Resource} resource */
async function endProcesses(resource) {
  if ('root' in resource) await endRun(resource.root, resource.marker, resource.graceMs);
}
