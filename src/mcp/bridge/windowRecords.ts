import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Platform } from '../../host/platform/platform.js';
import { isAlive } from '../../host/platform/processIdentity.js';
import { removeLocalSocket } from '../../host/system/localSocket.js';
import { isOwn } from '../../host/system/privateFolder.js';
import { removeReplaceable, replaceFile } from '../../host/system/replaceFile.js';

const recordSchema = v.object({
  schema: v.literal(1),
  windowId: v.pipe(v.string(), v.regex(/^[\w-]{8,40}$/)),
  process: v.object({
    pid: v.pipe(v.number(), v.integer(), v.minValue(2)),
    startTime: v.string(),
    bootId: v.string(),
  }),
  folders: v.array(v.string()),
  socket: v.string(),
  token: v.string(),
  focusedAt: v.number(),
  /** Whether it also runs servers of git worktrees of its folders; windows of earlier versions do not. */
  servesWorktrees: v.exactOptional(v.boolean()),
  /** Whether it is a `devservers up` and not a window. */
  isTerminal: v.exactOptional(v.boolean()),
});

/** Record by which programs of this user reach a window. Only this user can read it. */
export type WindowRecord = Omit<v.InferOutput<typeof recordSchema>, 'schema'>;

/** Returns the beginning of a sentence about the owner of a record. */
export function windowText({ isTerminal, folders }: Pick<WindowRecord, 'isTerminal' | 'folders'>): string {
  return isTerminal === true ? `"devservers up" in ${folders.join(', ')}` : 'The VS Code window';
}

const ending = '.json';
/**
 * Age up to which a record is kept if it belongs to another boot, or to another machine that shares the folder,
 * milliseconds.
 */
const foreignRecordMs = 7 * 24 * 60 * 60 * 1000;

export function writeRecord(folder: string, record: WindowRecord): Promise<void> {
  return replaceFile(join(folder, record.windowId + ending), JSON.stringify({ schema: 1, ...record }));
}

export async function removeRecord(folder: string, { windowId, socket }: WindowRecord): Promise<void> {
  await removeReplaceable(join(folder, windowId + ending));
  await removeLocalSocket(socket);
}

/**
 * Returns the live windows, and removes the records and sockets of dead ones. Reads the few small files at once: the first
 * asynchronous read of a program costs it a tenth of its start.
 */
export async function liveWindows(
  folder: string,
  platform: Pick<Platform, 'identify' | 'bootId'>,
): Promise<WindowRecord[]> {
  const names = namesIn(folder);
  const bootId = await platform.bootId();
  const records = names
    .filter((name) => name.endsWith(ending))
    .map(async (name) => {
      const path = join(folder, name);
      const record = readRecord(path);
      if (!record) return undefined;
      if (record.process.bootId !== bootId) return removeIfOld(path);
      // A failing tool says nothing about the window, so its record must stay.
      if (await isAlive(record.process, platform).catch(() => true)) return record;
      await removeRecord(folder, record);
      return undefined;
    });
  return (await Promise.all(records)).filter((record) => record !== undefined);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * Returns `undefined` for a record that cannot be read; it may be of a later version and must not be changed. That of
 * another user could name a socket of theirs, or one of this user to be removed.
 */
function readRecord(path: string): WindowRecord | undefined {
  try {
    if (!isOwn(lstatSync(path))) return undefined;
    const result = v.safeParse(recordSchema, JSON.parse(readFileSync(path, 'utf8')));
    if (!result.success) return undefined;
    const { schema: _, ...record } = result.output;
    return record;
  } catch {
    return undefined;
  }
}

async function removeIfOld(path: string): Promise<undefined> {
  const written = await lstat(path).catch(() => undefined);
  if (written && Date.now() - written.mtimeMs > foreignRecordMs) await rm(path, { force: true });
  return undefined;
}
