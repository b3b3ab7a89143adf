import { shellName } from '../core/shellLine.js';

/** What stands before the line in the command line of a shell, where that is not `-c`. */
const lineOptions: Readonly<Record<string, readonly string[]>> = {
  pwsh: ['-NoLogo', '-Command'],
  powershell: ['-NoLogo', '-Command'],
  cmd: ['/d', '/s', '/c'],
};

/** The program and arguments with which a shell reads a line. */
export function namedShellArgv(shell: string, line: string): readonly [string, ...string[]] {
  const name = shellName(shell);
  const options = Object.hasOwn(lineOptions, name) ? lineOptions[name] : undefined;
  return [shell, ...(options ?? ['-c']), line];
}
