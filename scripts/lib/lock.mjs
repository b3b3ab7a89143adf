// @ts-check
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onExit } from './cleanup.mjs';

const pollMs = 250;
const heartbeatMs = 2_000;
/** A holder that has not touched its lock for this long is dead, even when its process id is in use again. */
const staleMs = 20_000;

/**
 * Runs `action` while no other process holds the lock file, and takes over a lock whose holder is gone.
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
  let told = false;
  while (!tryCreate(file)) {
    if (isStale(file)) {
      setAside(file);
      continue;
    }
    if (!told) console.log(`Waiting for another run that holds ${file} ...`);
    told = true;
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
    // A lock is created and filled in two steps, so an empty one counts only when it is old.
    return age > staleMs || (pid > 0 && !isAlive(pid));
  } catch {
    return false;
  }
}

/**
 * Two processes may find the same stale lock. Renaming is atomic, so one of them wins it; the loser may have renamed
 * the winner's fresh lock instead and gives that back.
 * @param {string} file
 */
function setAside(file) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (isStale(aside)) rmSync(aside);
    else renameSync(aside, file);
  } catch {
    // Another process was quicker; the next attempt to create the lock decides.
  }
}

/** @param {string} file */
function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // Somebody removed the cache folder meanwhile: the step that needs it reports that.
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
