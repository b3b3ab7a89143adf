import { namedShellLine } from './shells.js';
import type { Platform } from './platform.js';

/** How commands are executed on POSIX systems. */
export const posixCommand: Pick<Platform, 'toProgramLine' | 'executableEndings' | 'politeInput'> = {
  // By its own name, as some programs do what they are called by.
  toProgramLine: (command) =>
    command.kind === 'shell'
      ? namedShellLine(command.shell ?? '/bin/sh', command.line)
      : { file: command.file, args: command.args },
  executableEndings: () => [''],
  politeInput: undefined,
};
