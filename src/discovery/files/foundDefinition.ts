import type { DiscoverySource, ServerDefinition } from '../../core/server/definition.js';
import type { DiscoveryProblem } from './discoveryResult.js';
import type { ServerTraits } from './fileParser.js';

/** Source and location of found servers. */
export interface FindingLocation {
  readonly source: DiscoverySource;
  /** The file, relative to the workspace folder. */
  readonly file: string;
  /** Folder to which it belongs, e.g. the one above `.vscode`. */
  readonly folder: string;
}

/** A found server with what decides whether it is listed. */
export interface FoundDefinition {
  readonly definition: ServerDefinition;
  readonly traits: ServerTraits;
}

/** Result of one parser for one file. */
export interface FoundDefinitions extends FindingLocation {
  readonly servers: readonly FoundDefinition[];
  readonly problems: readonly DiscoveryProblem[];
}
