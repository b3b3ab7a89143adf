import { fileStatus } from '../../host/system/boundedReads.js';
import { errorMessage } from '../../core/errorMessage.js';
import { CommandError, exitCodes } from '../call/exitCodes.js';

/** Rejects with a `CommandError` if there is no folder at this path, or if it cannot be read. */
export async function requireFolder(folder: string): Promise<void> {
  const problem = await fileStatus(folder).then(
    (status) => (status.isDirectory() ? undefined : `${folder} is not a folder.`),
    (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT'
        ? `${folder} does not exist.`
        : error.code === 'ENOTDIR'
          ? `${folder} is not a folder.`
          : `${folder} cannot be read: ${errorMessage(error)}`,
  );
  if (problem !== undefined) throw new CommandError(problem, exitCodes.failed, 'noFolder');
}
