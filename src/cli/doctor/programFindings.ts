import { access, constants } from 'node:fs/promises';
import * as paths from 'node:path';
import { programInLine } from '../../core/commandLine/program.js';
import type { ServerDefinition } from '../../core/server/definition.js';
import { fileReads } from '../../host/system/boundedReads.js';
import { warning, type Finding } from './finding.js';

/**
 * Checks whether the program of each server is on the PATH of this terminal. Not on Windows, where a name stands for files
 * with several endings.
 */
export async function checkPrograms(definitions: readonly ServerDefinition[]): Promise<readonly Finding[]> {
  if (process.platform === 'win32') return [];
  return (await Promise.all(definitions.map(programFindings))).flat();
}

async function programFindings(definition: ServerDefinition): Promise<readonly Finding[]> {
  const { id, cwd } = definition;
  const program = programOf(definition);
  if (program === undefined || (await isFound(program, cwd))) return [];
  const isPath = program.includes('/');
  return [
    warning(
      `${id} cannot start: ${program} was not found ${isPath ? `in ${cwd}` : 'on the PATH'}, or is not executable.`,
      isPath
        ? 'Correct the command, or make the file executable with chmod +x.'
        : 'Install it, or correct the command. The editor also searches the PATH from the startup files of the shell.',
    ),
  ];
}

/**
 * Returns the program that must exist. The value of a variable is known only at the start, and a variable of the server
 * may change the PATH.
 */
function programOf({ command, env }: ServerDefinition): string | undefined {
  const program = command.kind === 'argv' ? command.file : (command.shell ?? programInLine(command.line));
  return program === undefined || program.includes('$') || 'PATH' in env ? undefined : program;
}

async function isFound(program: string, cwd: string): Promise<boolean> {
  const folders = program.includes('/') ? [''] : (process.env['PATH'] ?? '').split(paths.delimiter);
  for (const folder of folders) if (await isExecutable(paths.resolve(cwd, folder, program))) return true;
  return false;
}

function isExecutable(path: string): Promise<boolean> {
  return fileReads
    .run(path, () => access(path, constants.X_OK))
    .then(
      () => true,
      () => false,
    );
}
