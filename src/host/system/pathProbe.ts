import { spawn } from 'node:child_process';

/** Reads the beginning of a file, or the names in a folder. A FIFO has none, so that it does not wait for a writer. */
const script = 'if [ -f "$1" ]; then exec head -c 1048577 -- "$1"; fi; exec ls -f -- "$1"';

/** Folders of the system; a folder on the user's PATH may be silent, too. */
const systemPath = '/usr/bin:/bin:/run/current-system/sw/bin';

/**
 * Resolves with whether a program that reads this path ends in time. It costs no thread of this process, and is killed
 * when the file system does not answer. `undefined` where there is no such program, as on Windows.
 */
export function isPathAnswered(path: string, maxMs: number): Promise<boolean | undefined> {
  if (process.platform === 'win32') return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', script, 'sh', path], {
      cwd: '/',
      env: { PATH: systemPath },
      stdio: 'ignore',
    });
    const end = setTimeout(() => {
      child.kill('SIGKILL');
      // On some file systems, even SIGKILL does not end it.
      child.unref();
      resolve(false);
    }, maxMs);
    const settle = (isAnswered: boolean | undefined): void => {
      clearTimeout(end);
      resolve(isAnswered);
    };
    child.on('error', () => settle(undefined));
    child.on('exit', () => settle(true));
  });
}
