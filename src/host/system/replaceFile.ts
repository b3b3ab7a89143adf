import { rename, rm, writeFile } from 'node:fs/promises';

/** Ending of a file that is being written. */
export const unfinishedEnding = '.new';

/**
 * Replaces a file as a whole, readable by this user alone: another process reads either the old content or the new,
 * also after a crash of this one. Writers of the same file at the same time need different temporary paths. It is not
 * flushed to the disk, so a loss of power may cost it. Rejects with the error of the file system.
 */
export async function replaceFile(
  path: string,
  text: string,
  temporaryPath = path + unfinishedEnding,
): Promise<void> {
  await writeFile(temporaryPath, text, { mode: 0o600 });
  await rename(temporaryPath, path);
}

/** Removes a file, and the unfinished one of a writer that was killed. */
export async function removeReplaceable(path: string): Promise<void> {
  await Promise.all([path, path + unfinishedEnding].map((each) => rm(each, { force: true })));
}
