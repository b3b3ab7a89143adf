import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Ending of a file that is being written. */
export const unfinishedEnding = '.new';

/**
 * Replaces a file as a whole, readable by this user alone: another process reads either the old content or the new,
 * also after a crash of this one. For files with one writer: several at the same time would take each other's
 * unfinished file. It is not flushed to the disk, so a power failure may lose it. Rejects with the error of the file
 * system.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(path + unfinishedEnding, text, { mode: 0o600 });
  await renameFile(path + unfinishedEnding, path);
}

/**
 * Replaces a file as `replaceFile` does, where several windows or calls may write it at the same time: the last one
 * counts. Leaves an unfinished file only where this process is killed meanwhile.
 */
export function replaceSharedFile(path: string, text: string, mode = 0o600): Promise<void> {
  return replaceShared(path, (unfinished) => writeFile(unfinished, text, { mode }));
}

/** Replaces what is at a path, also by several callers at the same time. `create` makes the new file or link. */
export async function replaceShared(
  path: string,
  create: (unfinishedPath: string) => Promise<void>,
): Promise<void> {
  const unfinished = `${path}.${randomUUID()}${unfinishedEnding}`;
  try {
    await create(unfinished);
    await renameFile(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** Errors on Windows while another process, such as a virus scanner, has one of the files open. */
const busyErrors: ReadonlySet<string> = new Set(['EPERM', 'EACCES', 'EBUSY']);

const maxRenameAttempts = 8;

/** Renames a file. On Windows, tries again for about two seconds while another process has it open. */
export async function renameFile(
  from: string,
  to: string,
  { move = rename, isWindows = process.platform === 'win32' } = {},
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await move(from, to);
    } catch (error) {
      if (!isWindows || !isBusy(error) || attempt === maxRenameAttempts) throw error;
      await sleep(8 * 2 ** attempt);
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && busyErrors.has(String(error.code));
}

/** Removes a file, and the unfinished one of a writer that was killed. */
export async function removeReplaceable(path: string): Promise<void> {
  await Promise.all([path, path + unfinishedEnding].map((each) => rm(each, { force: true })));
}
