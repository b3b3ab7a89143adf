export const shellEnvironmentModes = ['auto', 'always', 'never'] as const;

/**
 * When the environment of the user's shell is resolved before a server starts. `auto`: if the editor does not appear to
 * have it, or a program is not found.
 */
export type ShellEnvironmentMode = (typeof shellEnvironmentModes)[number];

/** Parses the setting `devServers.inheritShellEnvironment`; any other value counts as not set. */
export function shellEnvironmentMode(setting: unknown): ShellEnvironmentMode {
  return shellEnvironmentModes.find((mode) => mode === setting) ?? 'auto';
}
