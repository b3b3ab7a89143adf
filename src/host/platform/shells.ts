import { shellName } from '../../core/commandLine/substitute.js';
import type { ProgramLine } from './platform.js';

const powerShell = ['-NoLogo', '-Command'];

/** What stands before the line in the command line of a shell, where that is not `-c`. */
const lineOptions: Readonly<Record<string, readonly string[]>> = { pwsh: powerShell, powershell: powerShell };

/** The program and arguments with which a shell reads a line. */
export function namedShellLine(shell: string, line: string): ProgramLine {
  const name = shellName(shell);
  // With `/s` it takes the first and the last quotation mark away and reads what is between them as it stands.
  if (name === 'cmd') return { file: shell, args: `/d /s /c "${line}"` };
  const options = Object.hasOwn(lineOptions, name) ? lineOptions[name] : undefined;
  return { file: shell, args: [...(options ?? ['-c']), line] };
}
