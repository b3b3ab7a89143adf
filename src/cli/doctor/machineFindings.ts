import { spawn } from 'node:child_process';
import { access, constants, lstat, statfs } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { isFolder } from '../../host/system/boundedReads.js';
import { storageFolders } from '../windows/recordFolders.js';
import { problem, warning, type Finding } from './finding.js';
import { errorMessage } from '../../core/errorMessage.js';

/** Minimum free space for records and the beginnings of logs, bytes. */
const minFreeBytes = 16 * 1024 * 1024;

/** Maximum wait for the shell, milliseconds; the editor waits twice as long. */
const shellMs = 5000;

/** Shells that take these arguments: an interactive login shell, as the one that is asked for the environment of servers. */
const knownShells = /\/(?:ba|z|fi|da|k|mk)?sh$/u;
const shellArgs = ['-i', '-l', '-c', 'exit 0'];

/** Checks whether records and logs of servers can be written. */
export async function checkStorage(): Promise<readonly Finding[]> {
  const [storage] = storageFolders();
  const folder = await nearestExisting(storage);
  const purpose = 'The folder stores records and logs of servers.';
  const advice = `Free up disk space, or allow this user to write to the folder. ${purpose}`;
  try {
    if (!(await isFolder(folder)))
      return [problem(`${folder} is not a folder.`, `Move this file away. ${purpose}`)];
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize < minFreeBytes ? [problem(`The disk of ${folder} is full.`, advice)] : [];
  } catch (error) {
    return [problem(`${storage} cannot be written to: ${errorMessage(error)}`, advice)];
  }
}

/**
 * Checks whether the user's shell answers, since it may be asked for the environment of servers. An abort of `signal`
 * kills it.
 */
export async function checkShell(signal: AbortSignal): Promise<readonly Finding[]> {
  const shell = process.env['SHELL'] || userInfo().shell;
  if (process.platform === 'win32' || !shell || !knownShells.test(shell)) return [];
  const failure = await shellFailure(shell, signal);
  const advice =
    'Servers start without the environment from its startup files. Correct these files, or set devServers.inheritShellEnvironment to "never".';
  return failure === undefined ? [] : [warning(`The shell ${shell} ${failure}`, advice)];
}

function shellFailure(shell: string, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    // Runs in its own session: an interactive shell would take over this terminal.
    const child = spawn(shell, shellArgs, { detached: true, stdio: 'ignore' });
    const kill = (): void => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      settle(`does not respond within ${shellMs / 1000} s.`);
    };
    const late = setTimeout(kill, shellMs);
    signal.addEventListener('abort', kill);
    const settle = (failure: string | undefined): void => {
      clearTimeout(late);
      signal.removeEventListener('abort', kill);
      resolve(failure);
    };
    child.on('error', (error) => settle(`cannot be started: ${errorMessage(error)}`));
    child.on('exit', (code) => settle(code === 0 ? undefined : `exits with code ${code}.`));
  });
}

async function nearestExisting(path: string): Promise<string> {
  // A link to a folder that is not mounted exists, and prevents the folder.
  const code = await lstat(path).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error.code,
  );
  return code === 'ENOENT' && dirname(path) !== path ? nearestExisting(dirname(path)) : path;
}
