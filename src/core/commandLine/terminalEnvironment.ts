/** Variables that a setting adds to an environment, or removes from it if the value is `null`. */
export type EnvironmentChanges = Readonly<Record<string, string | null>>;

/** A folder that values may refer to. */
interface NamedFolder {
  readonly path: string;
  readonly name: string;
}

/**
 * Parses the editor's setting `terminal.integrated.env.*` for the terminals of a folder. Values other than strings and
 * `null` are ignored. `${env:NAME}` stays, since only the process host knows the environment that resolves it.
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
