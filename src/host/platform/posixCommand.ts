import { namedShellLine } from './shells.js';
import type { Platform } from './platform.js';

/** The execution of commands on POSIX systems. */
export const posixCommand: Pick<
  Platform,
  | 'toProgramLine'
  | 'executableEndings'
  | 'hasSessionLeaders'
  | 'politeInput'
  | 'isDeniedPortReserved'
  | 'hasParentsOnly'
  | 'hidesEnvironments'
  | 'isRunning'
  | 'onlyAsk'
  | 'endConsoles'
  | 'prepareQueries'
> = {
  // By its bare name, since some programs act by the name they are called with.
  toProgramLine: (command) =>
    command.kind === 'shell'
      ? namedShellLine(command.shell ?? '/bin/sh', command.line)
      : { file: command.file, args: command.args },
  executableEndings: () => [''],
  hasSessionLeaders: true,
  politeInput: undefined,
  // Ports below 1024 need privileges.
  isDeniedPortReserved: false,
  hasParentsOnly: false,
  hidesEnvironments: false,
  isRunning: () => undefined,
  onlyAsk: () => false,
  prepareQueries: () => undefined,
  endConsoles: () => Promise.resolve(),
};
