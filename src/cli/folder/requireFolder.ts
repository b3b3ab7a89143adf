import { fileStatus, SilentFileSystemError } from '../../host/system/boundedReads.js';
import { CommandError, exitCodes } from '../call/exitCodes.js';

/**
 * Rejects with a `CommandError` if there is no folder at this path, or if it cannot be read. Rejects when the file
 * system does not answer.
 */
export async function requireFolder(folder: string): Promise<void> {
  const problem = await fileStatus(folder).then(
    (status) => (status.isDirectory() ? undefined : 'is not a folder.'),
    (error: NodeJS.ErrnoException) => {
      if (error instanceof SilentFileSystemError) throw error;
      return reasons[error.code ?? ''] ?? `cannot be read: ${error.message}`;
    },
  );
  if (problem !== undefined) throw new CommandError(`${folder} ${problem}`, exitCodes.failed, 'noFolder');
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist.',
  ENOTDIR: 'is not a folder.',
};
