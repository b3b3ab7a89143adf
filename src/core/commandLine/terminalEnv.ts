/** Variables that a setting adds to an environment, or takes out of it where the value is `null`. */
export type EnvironmentChanges = Readonly<Record<string, string | null>>;

/** A folder that values may speak of. */
interface NamedFolder {
  readonly path: string;
  readonly name: string;
}

/**
 * What the editor's setting `terminal.integrated.env.*` says for the terminals of a folder. What is no text is left out.
 * `${env:NAME}` stays, since only the process host knows the environment that it is taken from.
 */
export function terminalEnvironment(setting: unknown, folder: NamedFolder | undefined): EnvironmentChanges {
  if (typeof setting !== 'object' || setting === null || Array.isArray(setting)) return {};
  const changes: [string, string | null][] = [];
  for (const [name, value] of Object.entries(setting) as [string, unknown][]) {
    if (!/^[^=\0]+$/u.test(name)) continue;
    if (value === null) changes.push([name, null]);
    else if (typeof value === 'string' && !value.includes('\0'))
      changes.push([name, resolveFolder(value, folder)]);
  }
  return Object.fromEntries(changes);
}

function resolveFolder(value: string, folder: NamedFolder | undefined): string {
  if (!folder) return value;
  return value
    .replaceAll('${workspaceFolder}', () => folder.path)
    .replaceAll('${workspaceFolderBasename}', () => folder.name);
}
