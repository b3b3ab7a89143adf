import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'vitest';

/** Skips a test where one of these programs of the system is not installed. */
export function skipWithout(context: TestContext, ...programs: readonly string[]): void {
  const missing = missingPrograms(programs);
  if (missing.length > 0) context.skip(`${missing.join(' and ')} is not installed`);
}

/** Returns the programs of the system that are not installed. */
export function missingPrograms(programs: readonly string[]): string[] {
  return programs.filter((program) => !isInstalled(program));
}

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Skips a test in a run of the code for macOS on Linux, whose `lsof` does not print the peer of a Unix socket. */
export function skipWithLsofOfLinux(context: TestContext): void {
  if (process.env['DEV_SERVERS_PLATFORM'] === 'macos')
    context.skip('lsof of Linux prints no peers of Unix sockets');
}
