import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Timeout of the tools, milliseconds: one that hangs must not hang a stop. On a busy machine each takes seconds. */
const timeoutMs = 10_000;

/** The system's programs on macOS, by absolute paths, so that no program of a workspace runs in place of one. */
const ps = '/bin/ps';
const lsof = '/usr/sbin/lsof';
const sysctl = '/usr/sbin/sysctl';

/** Runs `ps`, which fails with 1 when there is none of the processes. Rejects with any other failure. */
export function runPs(args: readonly string[]): Promise<string> {
  return outputOf(ps, args, {
    // The dates are in the language of the user, and in the time zone of each process, unless these are set.
    LC_ALL: '',
    LC_TIME: 'C',
    TZ: 'UTC0',
    // Other bytes of a command would be escaped.
    LC_CTYPE: 'UTF-8',
  }).catch(outputOfFailure);
}

/**
 * Runs `lsof`, which fails with 1 when it finds nothing, and also when it could not read all that it lists. Rejects with
 * any other failure.
 */
export function runLsof(args: readonly string[]): Promise<string> {
  // Without `-b` it asks the file system of every mount, and waits 15 seconds for a network folder that does not answer.
  return outputOf(lsof, ['-b', '-w', ...args], {}).catch(outputOfFailure);
}

/** Runs `sysctl`. Rejects when it fails. */
export function runSysctl(args: readonly string[]): Promise<string> {
  return outputOf(sysctl, args, {});
}

async function outputOf(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await promisify(execFile)(file, args, {
    env: { ...process.env, ...env },
    timeout: timeoutMs,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** Returns the output of a tool that ended with 1; throws any other error again. */
function outputOfFailure(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 1) throw error;
  return 'stdout' in error && typeof error.stdout === 'string' ? error.stdout : '';
}
