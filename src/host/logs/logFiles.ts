import { createHash } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { LogOwner } from '../../core/logs/logStore.js';
import { serverKey } from '../../core/server/identity.js';

/**
 * A file of a log. Its name contains the log, the window that writes it, and the offset of its first byte in the whole
 * output of the log. So a file is never renamed while it grows, no two windows write to one file, and an offset stays
 * valid when the oldest file is removed.
 */
export interface LogFile {
  readonly path: string;
  readonly log: string;
  readonly windowId: string;
  readonly start: number;
}

/** Age of the last write from which a log is removed, milliseconds. */
const maxAgeMs = 14 * 24 * 60 * 60 * 1000;

const fileName = /^(?<log>[\w-]+)\.(?<windowId>[\w-]+)\.(?<start>\d+)\.log$/;

/**
 * Returns the name of a log: folder and server, to be readable, and a hash, to be unique. It is the same in every window,
 * regardless of the name of the folder there.
 */
export function logName(owner: LogOwner): string {
  const { folder, cwd } = owner;
  const key = serverKey(owner);
  const readable = `${folder === undefined ? '' : basename(cwd)}${key}`
    .replaceAll(/\W+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(-40);
  const hash = createHash('sha256').update(`${key}\0${cwd}`).digest('hex').slice(0, 16);
  return `${readable}-${hash}`;
}

export function logFilePath(folder: string, { log, windowId, start }: Omit<LogFile, 'path'>): string {
  return join(folder, `${log}.${windowId}.${start}.log`);
}

/** Returns all log files in the folder, the oldest of each log first; none without a folder. */
export async function listLogFiles(folder: string): Promise<LogFile[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .flatMap((name): LogFile[] => {
      const { log, windowId, start } = fileName.exec(name)?.groups ?? {};
      if (log === undefined || windowId === undefined) return [];
      return [{ path: join(folder, name), log, windowId, start: Number(start) }];
    })
    .toSorted((one, other) => one.start - other.start);
}

/** Returns the time of the last write, milliseconds since 1970; 0 for a removed file. */
export async function lastWritten({ path }: LogFile): Promise<number> {
  return (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
}

/** Removes the logs of servers that did not run for long, unless the window that writes them lives. */
export async function removeOldLogs(
  folder: string,
  isAlive: (windowId: string) => Promise<boolean>,
): Promise<void> {
  for (const file of await listLogFiles(folder)) {
    if (Date.now() - (await lastWritten(file)) < maxAgeMs) continue;
    if (!(await isAlive(file.windowId))) await rm(file.path, { force: true });
  }
}
