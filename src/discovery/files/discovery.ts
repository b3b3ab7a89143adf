import type { ServerDefinition } from '../../core/server/definition.js';
import type { Paths } from './workspaceFiles.js';
import type { Translator } from '../../core/common.js';

/** A folder of the workspace. */
interface WorkspaceFolder {
  /** What its servers' ids begin with, so no two folders of a window may share it. */
  readonly name: string;
  /** Absolute, in the notation of the machine. */
  readonly path: string;
}

/** Something that was left out, and why. Never stops the rest from being found. */
export interface DiscoveryProblem {
  /** Path relative to the workspace folder, or a setting with its index, e.g. `devServers.servers[2]`. */
  readonly file: string;
  /** A sentence for people, in their language. */
  readonly reason: string;
}

/** What one source of servers yielded. */
export interface Discovery {
  readonly definitions: readonly ServerDefinition[];
  readonly problems: readonly DiscoveryProblem[];
}

/** What every source of servers needs to know. */
export interface DiscoveryContext {
  readonly folder: WorkspaceFolder;
  readonly paths: Paths;
  readonly l10n: Translator;
}
