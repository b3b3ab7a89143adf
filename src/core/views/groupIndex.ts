import { placeGroups, type Expansion, type Preferences } from './groupOrder.js';
import { groupServers, type ServerGroup } from './groups.js';
import type { ServerRecord } from '../registry/snapshot.js';
import type { ServerDefinition } from '../server/definition.js';
import type { ServerId } from '../server/identity.js';

/** Groups of one snapshot, indexed by id and by server. */
export class GroupIndex {
  /** Groups in the order of their rows. */
  readonly groups: readonly ServerGroup[];
  /** Names of the workspace folders, in their order. */
  readonly folders: readonly string[];
  readonly #byId: ReadonlyMap<string, ServerGroup>;
  readonly #byServer: ReadonlyMap<ServerId, ServerGroup>;

  readonly #expansions: ReadonlyMap<string, Expansion>;

  constructor(servers: readonly ServerRecord[], preferences: Preferences) {
    const groups = groupServers(servers);
    const placed = placeGroups(groups, preferences);
    this.groups = placed.map(({ group }) => group);
    this.folders = [...new Set(groups.map(({ folder }) => folder))];
    this.#expansions = new Map(placed.map(({ group, expansion }) => [group.id, expansion]));
    this.#byId = new Map(this.groups.map((group) => [group.id, group]));
    this.#byServer = new Map(
      this.groups.flatMap((group) => group.servers.map(({ definition }) => [definition.id, group] as const)),
    );
  }

  find(id: string): ServerGroup | undefined {
    return this.#byId.get(id);
  }

  expansion({ id }: ServerGroup): Expansion {
    return this.#expansions.get(id) ?? 'plain';
  }

  /** Returns the group that contains a server. */
  groupOfServer(id: ServerId): ServerGroup | undefined {
    return this.#byServer.get(id);
  }

  /** Servers that are the only ones of their packages. */
  get soleServers(): readonly ServerDefinition[] {
    return this.groups.flatMap(({ name, servers: [only, ...others] }) =>
      only && name === undefined && others.length === 0 ? only.definition : [],
    );
  }

  /**
   * Returns whether a group has a row. The only server of a package needs none. With several folders, the servers of a
   * folder's own package are its direct children.
   */
  hasRow({ name, path, servers }: ServerGroup): boolean {
    if (name !== undefined) return true;
    return servers.length > 1 && (this.folders.length === 1 || path !== '');
  }
}
