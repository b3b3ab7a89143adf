import type { ServerOverrides } from './overrides.js';
import type { ServerId } from './identity.js';

/**
 * What is executed. `argv` reaches the program word by word, so no text in it is ever read by a shell; `shell` is a line
 * the user wrote for a shell, which is the system's own where none is named.
 */
export type ServerCommand =
  | { readonly kind: 'argv'; readonly file: string; readonly args: readonly string[] }
  | { readonly kind: 'shell'; readonly line: string; readonly shell?: string };

/** What a package manager does when it is asked to run a script. */
export interface PackageScript {
  /** The line that it gives to a shell. */
  readonly body: string;
  /** What stands in its own command line before words that are meant for the script. */
  readonly argumentPrefix: readonly string[];
}

/** What servers are found in; each can be switched off by the setting `devServers.discovery.<name>`. */
export const discoverySources = [
  'scripts',
  'procfile',
  'compose',
  'django',
  'flask',
  'fastapi',
  'rails',
  'laravel',
  'php',
  'go',
  'cargo',
  'dotnet',
  'deno',
  'bun',
  'tasks',
  'launch',
  'static',
] as const;

export type DiscoverySource = (typeof discoverySources)[number];

/**
 * Where a definition comes from: found, written by a person into the settings or `.vscode/dev-servers.json`, or given by an
 * agent with a person's leave.
 */
type ServerSource = DiscoverySource | 'settings' | 'configuration' | 'agent';

/** A server that could be started: found in the workspace or written by a person. Plain data, never changed. */
export interface ServerDefinition {
  readonly id: ServerId;
  /** What the user calls it: a script's name or the configured name. */
  readonly name: string;
  /** Name of the workspace folder it belongs to. */
  readonly folder: string;
  /** Folder it was found in, relative to the workspace folder, with `/`; empty for the workspace folder itself. */
  readonly subfolder: string;
  /** The group that a person has put it into. */
  readonly group?: string;
  readonly command: ServerCommand;
  /** Absolute path of the folder the command runs in. */
  readonly cwd: string;
  /** Added to the environment that the editor gives to terminals. */
  readonly env: Readonly<Record<string, string>>;
  /** The port it is known to listen on, when the user told us. */
  readonly port: number | undefined;
  readonly source: ServerSource;
  /** File it was found in, relative to the workspace folder, with `/`; missing for one of the settings. */
  readonly file?: string;
  /** Servers that must be ready before it starts. */
  readonly dependsOn?: readonly ServerId[];
  /** Absolute paths of files with variables, read at each start; what a later one says counts, and `env` before all. */
  readonly envFiles?: readonly string[];
  /** Words that tell the command its port, with `{port}` in them, where its tool is not known. */
  readonly portArgument?: string;
  /** Starts with the window, if the user has agreed to that. */
  readonly autoStart?: boolean;
  /** Its address is opened when it becomes ready after a start that a person asked for. */
  readonly openWhenReady?: boolean;
  /** What `command` leads to, where it only names a script. */
  readonly script?: PackageScript;
  readonly overrides?: ServerOverrides;
}

/** The command as a person would read it; for showing, never for executing. */
export function commandText(command: ServerCommand): string {
  return command.kind === 'shell' ? command.line : [command.file, ...command.args].join(' ');
}

/** `web: dev`: tells servers apart where no tree shows the package, since many packages have a script of one name. */
export function serverTitle({ folder, subfolder, name, source }: ServerDefinition): string {
  // A configured server has a name of its own.
  if (source === 'settings' || source === 'configuration' || source === 'agent') return name;
  return `${subfolder.split('/').pop() || folder}: ${name}`;
}
