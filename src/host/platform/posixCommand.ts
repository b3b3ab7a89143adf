import { namedShellArgv } from '../namedShell.js';
import type { Platform } from './platform.js';

/** How commands are executed on POSIX systems. */
export const posixCommand: Pick<Platform, 'toArgv' | 'executableEndings' | 'politeInput'> = {
  toArgv: (command) => {
    if (command.kind === 'argv') return [command.file, ...command.args];
    return namedShellArgv(command.shell ?? '/bin/sh', command.line);
  },
  executableEndings: () => [''],
  politeInput: undefined,
};
