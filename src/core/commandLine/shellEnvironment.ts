export const shellEnvironmentModes = ['auto', 'always', 'never'] as const;

/**
 * Whether the user's shell is asked for its environment before a server starts: `auto` where the editor seems not to have
 * it, or a program is not found.
 */
export type ShellEnvironmentMode = (typeof shellEnvironmentModes)[number];

/** The setting `devServers.inheritShellEnvironment`; any other value counts as not set. */
export function shellEnvironmentMode(setting: unknown): ShellEnvironmentMode {
  return shellEnvironmentModes.find((mode) => mode === setting) ?? 'auto';
}
