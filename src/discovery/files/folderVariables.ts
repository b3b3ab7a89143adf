/** Thrown for a variable that only the editor or the user could resolve. */
export class UnknownVariableError extends Error {
  constructor(readonly variable: string) {
    super(variable);
  }
}

/**
 * Replaces the editor's variables for the folder above `.vscode` with paths relative to the working folder of a
 * command. Throws an `UnknownVariableError` for all others.
 */
export function fillFolderVariables(text: string, toFolder: string, folderName: string): string {
  return text.replaceAll(/\$\{(?<name>[^{}$]*)\}/gu, (variable, name: string) => {
    switch (name) {
      case 'workspaceFolder':
      case 'workspaceRoot':
      case 'cwd':
        return toFolder;
      case 'workspaceFolderBasename':
        return folderName;
      case '/':
      case 'pathSeparator':
        return '/';
      default:
        throw new UnknownVariableError(variable);
    }
  });
}

/** Returns the path from a folder up to the base of its relative path, e.g. `../..`; `.` for the base itself. */
export function parentPath(from: string): string {
  const parts = from.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 ? '.' : parts.map(() => '..').join('/');
}
