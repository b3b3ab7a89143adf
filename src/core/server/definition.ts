import type { ServerOverrides } from './overrides.js';
import { shortened } from '../plainText.js';
import type { ServerId } from './identity.js';

/**
 * Command to execute. `argv` is passed to the program argument by argument and never parsed by a shell; `shell` is a
 * line that the user wrote for a shell, by default that of the system.
 */
export type ServerCommand =
  | { readonly kind: 'argv'; readonly file: string; readonly args: readonly string[] }
  | { readonly kind: 'shell'; readonly line: string; readonly shell?: string };

/** A script that a package manager runs. */
export interface PackageScript {
  /** Line that the package manager passes to a shell. */
  readonly body: string;
  /** Arguments of the package manager that precede arguments for the script. */
  readonly argumentPrefix: readonly string[];
  /** Name and line of each other script that runs with it: its hooks, and scripts that its line mentions. */
  readonly others?: readonly (readonly [name: string, body: string])[];
}

/** Sources of discovery; the setting `devServers.discovery.<name>` disables each. */
export const discoverySources = [
  'scripts',
  'procfile',
  'compose',
  'taskRunners',
  'nx',
  'django',
  'flask',
  'fastapi',
  'streamlit',
  'rails',
  'rack',
  'laravel',
  'php',
  'go',
  'cargo',
  'java',
  'phoenix',
  'dotnet',
  'deno',
  'bun',
  'tasks',
  'launch',
  'docs',
  'guides',
  'static',
] as const;

export type DiscoverySource = (typeof discoverySources)[number];

/**
 * Origin of a definition: discovered, written by the user into the settings or `.vscode/dev-servers.json`, or provided
 * by an agent with the user's permission.
 */
type ServerSource = DiscoverySource | 'settings' | 'configuration' | 'agent';

/** A checkout of a repository beside that of a workspace folder. */
export interface Worktree {
  /** Absolute path of its top folder. */
  readonly root: string;
  /** Absolute path of the workspace folder, as the user opened it. */
  readonly original: string;
  /** Absolute path of the folder in the worktree that corresponds to the workspace folder. */
  readonly folder: string;
}

/** A server that can be started: discovered in the workspace, or configured by the user. Plain, immutable data. */
export interface ServerDefinition {
  readonly id: ServerId;
  /** Name for display: that of the script, or the configured name. */
  readonly name: string;
  /** Title, if the usual one would not be unique. */
  readonly title?: string;
  /** Name of the workspace folder it belongs to. */
  readonly folder: string;
  /** Folder that contains it, relative to the workspace folder, with `/`; empty for the workspace folder itself. */
  readonly subfolder: string;
  /** Group that the user put it into. */
  readonly group?: string;
  readonly command: ServerCommand;
  /** Absolute path of the folder the command runs in. */
  readonly cwd: string;
  /** Variables added to the environment that the editor gives to terminals. */
  readonly env: Readonly<Record<string, string>>;
  /** Port to listen on, if the user configured one. */
  readonly port: number | undefined;
  readonly source: ServerSource;
  /** File that defines it, relative to the workspace folder, with `/`; missing for a server of the settings. */
  readonly file?: string;
  /** How `file` writes it, if not by its name: the command in a guide, or the name of the chosen way to start it. */
  readonly textInFile?: string;
  /** Servers that must be ready before it starts. */
  readonly dependsOn?: readonly ServerId[];
  /** Absolute paths of files with variables, read at each start. A later file takes precedence, and `env` over all. */
  readonly envFiles?: readonly string[];
  /** Arguments, with `{port}` in them, that pass the port to a command whose tool is unknown. */
  readonly portArgument?: string;
  /** Address at which the user opens it, if it differs from the one that the output and the sockets show. */
  readonly url?: string;
  /** Starts with the window, if the user agreed to that. */
  readonly autoStart?: boolean;
  /** Opens its URL when it becomes ready after a start that the user requested. */
  readonly openWhenReady?: boolean;
  /**
   * Whether it is the main server of its package: the first one that a developer starts. Also `false` on the first
   * server of a package whose main server belongs to another package.
   */
  readonly isMain?: boolean;
  /** Names of servers in packages below its own that it starts, as `turbo dev` does. */
  readonly startsBelow?: readonly string[];
  /** Server in the same file that starts it together with others, as `docker compose up` does. */
  readonly partOf?: ServerId;
  /** Labels of ports that the project defines, by port, as in `devcontainer.json`. */
  readonly portLabels?: Readonly<Record<string, string>>;
  /** Label of the port that the server is known to use before it runs. */
  readonly portLabel?: string;
  /** Other ways to start the same server, as discovery found them. */
  readonly alternatives?: readonly ServerDefinition[];
  /** Script that `command` runs, if it only names one. */
  readonly script?: PackageScript;
  readonly overrides?: ServerOverrides;
  /** Git worktree that it belongs to, if that is not a workspace folder. */
  readonly worktree?: Worktree;
}

/** Returns the command for display, never for execution. */
export function commandText(command: ServerCommand): string {
  return command.kind === 'shell' ? command.line : [command.file, ...command.args].join(' ');
}

/** Longest name in a sentence, UTF-16 units: a longer one would fill a notification. */
const maxNameLength = 100;

/**
 * Returns the title as sentences contain it, of bounded length: `web: dev`, which distinguishes scripts of the same name
 * where the package is not shown.
 */
export function serverTitle(definition: ServerDefinition): string {
  return shortName(fullTitle(definition));
}

/** Returns a name as sentences contain it: the middle of a long one is left out. */
export function shortName(name: string): string {
  return shortened(name, maxNameLength);
}

/** Returns the whole title, for rows and data. */
export function fullTitle(definition: ServerDefinition): string {
  if (definition.title !== undefined) return definition.title;
  return isNamedByUser(definition) ? definition.name : `${packageName(definition)}: ${definition.name}`;
}

/** Returns the last part of the package folder, or the workspace folder. */
export function packageName({ folder, subfolder }: ServerDefinition): string {
  return subfolder.split('/').pop() || folder;
}

/** Returns whether the name was chosen for this server, which makes it distinctive by itself. */
export function isNamedByUser({ source }: ServerDefinition): boolean {
  return source === 'settings' || source === 'configuration' || source === 'agent';
}
