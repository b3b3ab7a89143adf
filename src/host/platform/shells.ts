import { shellName } from '../../core/commandLine/substitute.js';
import type { ProgramLine } from './platform.js';

const powerShell = ['-NoLogo', '-Command'];

/** Options before the line in the command line of a shell, where they are not `-c`. */
const lineOptions: Readonly<Record<string, readonly string[]>> = { pwsh: powerShell, powershell: powerShell };

/** Returns the program line with which a shell executes a command line. */
export function namedShellLine(shell: string, line: string): ProgramLine {
  const name = shellName(shell);
  // With `/s`, `cmd.exe` removes the first and the last quotation mark and takes the text between them literally.
  if (name === 'cmd') return { file: shell, args: `/d /s /c "${line}"` };
  const options = Object.hasOwn(lineOptions, name) ? lineOptions[name] : undefined;
  return { file: shell, args: [...(options ?? ['-c']), line] };
}
