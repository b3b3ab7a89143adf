// @ts-check
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onExit } from './cleanup.mjs';

const pollMs = 250;
const heartbeatMs = 2_000;
/** Time after which a holder that has not touched its lock is dead, even if its process id is in use again. */
const staleMs = 20_000;

/**
 * Runs `action` while holding the lock file. Waits for another holder, and takes over a lock whose holder is dead.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function withLock(file, action) {
  await acquire(file);
  const heartbeat = setInterval(() => touch(file), heartbeatMs);
  const release = onExit(() => {
    clearInterval(heartbeat);
    rmSync(file, { force: true });
  });
  try {
    return await action();
  } finally {
    await release();
  }
}

/** @param {string} file */
async function acquire(file) {
  mkdirSync(dirname(file), { recursive: true });
  let hasReported = false;
  while (!tryCreate(file)) {
    if (isStale(file)) {
      removeStale(file);
      continue;
    }
    if (!hasReported) console.log(`Waiting for another run that holds ${file} ...`);
    hasReported = true;
    await delay(pollMs);
  }
}

/** @param {string} file */
function tryCreate(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} file */
function isStale(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    const age = Date.now() - statSync(file).mtimeMs;
    // Creating a lock and writing to it are two steps, so an empty lock is stale only when it is old.
    return age > staleMs || (pid > 0 && !isAlive(pid));
  } catch {
    return false;
  }
}

/**
 * Removes a stale lock. Two processes may find the same one: renaming is atomic, so one of them succeeds; the other may
 * rename the new lock of the first instead, and then restores it.
 * @param {string} file
 */
function removeStale(file) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (isStale(aside)) rmSync(aside);
    else renameSync(aside, file);
  } catch {
    // Another process removed it first; the next attempt to create the lock decides.
  }
}

/** @param {string} file */
function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // The cache folder was removed in the meantime; the step that needs it reports this.
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
