// @ts-check
import { createServer } from 'node:net';
import { onExit } from './cleanup.mjs';

/** Below the ports that systems assign to clients, which could occupy a reserved one for a moment. */
const firstBlock = 20_000;
const blockSize = 64;
const blockCount = 180;

/** Distance between reserved ports: a server whose port is in use may take the next free one. */
const distance = 6;

/**
 * Checks whether a server can listen on a port of this machine.
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export async function isPortFree(port) {
  const server = await listen(port);
  server?.close();
  return server !== undefined;
}

/**
 * Reserves a block of ports for this process; no other run on this machine gets them. A socket on the first port holds
 * the block, so that it is free again however this process ends. Another program may use one of the ports.
 * @param {readonly number[]} mustBeFree offsets of ports in the block
 * @returns {Promise<{ first: number, size: number, holder: import('node:net').Server }>}
 */
export async function reserveBlock(mustBeFree = []) {
  const start = Math.floor(Math.random() * blockCount);
  for (let tried = 0; tried < blockCount; tried++) {
    const first = firstBlock + ((start + tried) % blockCount) * blockSize;
    const holder = await listen(first);
    if (holder === undefined) continue;
    const isFree = await Promise.all(mustBeFree.map((offset) => isPortFree(first + offset)));
    if (isFree.every(Boolean)) return { first, size: blockSize, holder: holder.unref() };
    holder.close();
  }
  throw new Error(`No block of free ports from ${firstBlock} to ${firstBlock + blockCount * blockSize - 1}.`);
}

/**
 * Reserves a port for each name, as `reserveBlock` does.
 * @template {string} Name
 * @param {readonly Name[]} names at most 10
 * @returns {Promise<{ ports: Record<Name, number>, release: () => Promise<void> }>}
 */
export async function reservePorts(names) {
  const offsets = names.map((_name, index) => (index + 1) * distance);
  const { first, holder } = await reserveBlock(offsets);
  const entries = names.map((name, index) => [name, first + (offsets[index] ?? 0)]);
  return {
    ports: Object.fromEntries(entries),
    release: onExit(() => void holder.close()),
  };
}

/**
 * Listens on a port of the loopback interface; resolves with `undefined` if it is in use.
 * @param {number} port
 * @returns {Promise<import('node:net').Server | undefined>}
 */
function listen(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
