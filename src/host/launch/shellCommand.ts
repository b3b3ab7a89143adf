import { basename } from 'node:path';

/** How a shell is made to run something with everything that its start-up files set. */
export interface ShellCommand {
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * Makes the user's shell print its environment as JSON between two marks, by the Node at `nodePath`. As an interactive
 * login shell it reads all of its start-up files, among which version managers spread theirs.
 */
export function environmentCommand(shell: string, nodePath: string, mark: string): ShellCommand {
  const name = basename(shell);
  if (/^(?:pwsh|powershell)(?:-preview)?$/.test(name)) {
    const program = nodePath.replaceAll("'", "''");
    const script = `''${mark}'' + JSON.stringify(process.env) + ''${mark}''`;
    return { file: shell, args: ['-Login', '-Command', `& '${program}' -p '${script}'`] };
  }
  // Ends the quotation, adds a quote, and begins anew, as all the others read it.
  const program = nodePath.replaceAll("'", String.raw`'\''`);
  const line = `'${program}' -p '"${mark}" + JSON.stringify(process.env) + "${mark}"'`;
  if (name === 'tcsh' || name === 'csh') return { file: shell, args: ['-ic', line] };
  return { file: shell, args: ['-i', '-l', '-c', name === 'nu' ? `^${line}` : line] };
}

/** What stands between the marks; start-up files may have written something before and after. */
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

/** What tells of that one shell, or of where it ran. */
const shellOnly: ReadonlySet<string> = new Set(['_', 'SHLVL', 'PWD', 'OLDPWD', 'XDG_RUNTIME_DIR']);
