import { basename } from 'node:path';

/** A shell with arguments that make it read its start-up files and run a command. */
export interface ShellCommand {
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * Returns a command by which the user's shell prints its environment as JSON between two marks, by the Node at
 * `nodePath`. An interactive login shell reads all of its start-up files, and version managers use different ones.
 */
export function environmentCommand(shell: string, nodePath: string, mark: string): ShellCommand {
  const name = basename(shell);
  if (/^(?:pwsh|powershell)(?:-preview)?$/.test(name)) {
    const program = nodePath.replaceAll("'", "''");
    const script = `''${mark}'' + JSON.stringify(process.env) + ''${mark}''`;
    return { file: shell, args: ['-Login', '-Command', `& '${program}' -p '${script}'`] };
  }
  // Ends the quotation, adds an escaped quote and starts a new quotation, which all other shells understand.
  const program = nodePath.replaceAll("'", String.raw`'\''`);
  const line = `'${program}' -p '"${mark}" + JSON.stringify(process.env) + "${mark}"'`;
  if (name === 'tcsh' || name === 'csh') return { file: shell, args: ['-ic', line] };
  return { file: shell, args: ['-i', '-l', '-c', name === 'nu' ? `^${line}` : line] };
}

/**
 * Parses the output between the marks; start-up files may print before and after. Returns `undefined` without a result.
 */
export function parseEnvironment(output: string, mark: string): NodeJS.ProcessEnv | undefined {
  const start = output.indexOf(mark);
  const end = output.indexOf(mark, start + mark.length);
  if (start === -1 || end === -1) return undefined;
  try {
    const value: unknown = JSON.parse(output.slice(start + mark.length, end));
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.fromEntries(
      Object.entries(value).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string' && !shellOnly.has(entry[0]),
      ),
    );
  } catch {
    return undefined;
  }
}

/** Variables that describe that shell itself. */
const shellOnly: ReadonlySet<string> = new Set(['_', 'SHLVL', 'PWD', 'OLDPWD', 'XDG_RUNTIME_DIR']);
