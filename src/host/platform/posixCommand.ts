import type { Platform } from './platform.js';

/** How commands are executed on POSIX systems. */
export const posixCommand: Pick<Platform, 'toArgv' | 'executableEndings' | 'politeInput'> = {
  toArgv: (command) =>
    command.kind === 'shell' ? ['/bin/sh', '-c', command.line] : [command.file, ...command.args],
  executableEndings: () => [''],
  politeInput: undefined,
};
