/** Thrown for a variable that only the editor, or a person, could fill in. */
export class UnknownVariableError extends Error {
  constructor(readonly variable: string) {
    super(variable);
  }
}

/**
 * Fills in the variables of the editor that stand for the folder above `.vscode`, as seen from the folder that a command
 * runs in. Throws an `UnknownVariableError` for all others.
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

/** The way from a folder up to the one that it is in, both relative to the same folder: `../..`, or `.` for none. */
export function parentPath(from: string): string {
  const parts = from.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 ? '.' : parts.map(() => '..').join('/');
}
