import type { ServerDefinition } from '../../core/server/definition.js';
import type { Paths } from './workspaceFiles.js';
import type { Translator } from '../../core/common.js';

/** A folder of the workspace. */
interface WorkspaceFolder {
  /** First part of its servers' ids, so it is unique within the window. */
  readonly name: string;
  /** Absolute path in the notation of the machine. */
  readonly path: string;
}

/** A part that was left out, and the reason. It never prevents the rest from being found. */
export interface DiscoveryProblem {
  /** Path relative to the workspace folder, or a setting with its index, e.g. `devServers.servers[2]`. */
  readonly file: string;
  /** A sentence in the user's language. */
  readonly reason: string;
}

/** Result of one source of servers. */
export interface Discovery {
  readonly definitions: readonly ServerDefinition[];
  /** Servers that are found but not listed: other ways to start a listed one, and those for tests or production. */
  readonly unlisted?: readonly ServerDefinition[];
  readonly problems: readonly DiscoveryProblem[];
}

/** Context of every source of servers. */
export interface DiscoveryContext {
  readonly folder: WorkspaceFolder;
  readonly paths: Paths;
  readonly l10n: Translator;
}
