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
  /** Whether a target of Nx is meant, of which a script is one kind. */
  readonly isTarget?: boolean;
}

/** A found server with what decides whether it is listed. */
export interface FoundDefinition {
  readonly definition: ServerDefinition;
  readonly traits: ServerTraits;
  readonly purpose: Purpose;
  /** What it runs, in forms that are the same for all ways to start it. */
  readonly keys: readonly string[];
  /** Scripts of other packages that it only runs; empty if it does something else. */
  readonly delegates: readonly string[];
  /** The only script that it starts, of its own or another package. */
  readonly started: StartedScript | undefined;
  /** Numbers by which the servers of a package are ordered. */
  readonly rank: readonly number[];
}

/** Result of one parser for one file. */
export interface FoundDefinitions extends FindingLocation {
  readonly servers: readonly FoundDefinition[];
  readonly problems: readonly DiscoveryProblem[];
  readonly portLabels?: Readonly<Record<string, string>>;
}
