import type { DiscoverySource, ServerDefinition } from '../../core/server/definition.js';
import type { DiscoveryProblem } from './discoveryResult.js';
import type { Purpose, ServerTraits } from './fileParser.js';

/** Source and location of found servers. */
export interface FindingLocation {
  readonly source: DiscoverySource;
  /** The file, relative to the workspace folder. */
  readonly file: string;
  /** Folder to which it belongs, e.g. the one above `.vscode`. */
  readonly folder: string;
}

/** The script of a package that another script starts. */
export interface StartedScript {
  readonly script: string;
  /** Name of the package, if the command names it. */
  readonly packageName?: string;
  /** Absolute path of the folder of the package, if the command states it. */
  readonly folder?: string;
  /** Whether it is a target of Nx, which may be a script. */
  readonly isTarget?: boolean;
}

/** A found server, with the facts that decide whether it is listed. */
export interface FoundDefinition {
  readonly definition: ServerDefinition;
  readonly traits: ServerTraits;
  readonly purpose: Purpose;
  /** Keys of what it runs. All ways to start the same server have a key in common. */
  readonly keys: readonly string[];
  /** Scripts of other packages that it only runs; empty if it does something else. */
  readonly delegates: readonly string[];
  /** The script of its own or another package that it starts, if it starts only one. */
  readonly started: StartedScript | undefined;
  /** Numbers that order the servers of a package. */
  readonly rank: readonly number[];
}

/** Result of one parser for one file. */
export interface FoundDefinitions extends FindingLocation {
  readonly servers: readonly FoundDefinition[];
  readonly problems: readonly DiscoveryProblem[];
  readonly portLabels?: Readonly<Record<string, string>>;
}
