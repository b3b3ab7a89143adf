import { groupServers, type ServerGroup } from './groups.js';
import type { ServerRecord } from '../registry/snapshot.js';
import type { ServerId } from '../server/identity.js';

/** The groups of one snapshot, made once and then found at once, however many rows ask. */
export class GroupIndex {
  readonly groups: readonly ServerGroup[];
  /** The names of the workspace folders, in their order. */
  readonly folders: readonly string[];
  readonly #byId: ReadonlyMap<string, ServerGroup>;
  readonly #byServer: ReadonlyMap<ServerId, ServerGroup>;

  constructor(servers: readonly ServerRecord[]) {
    this.groups = groupServers(servers);
    this.folders = [...new Set(this.groups.map(({ folder }) => folder))];
    this.#byId = new Map(this.groups.map((group) => [group.id, group]));
    this.#byServer = new Map(
      this.groups.flatMap((group) => group.servers.map(({ definition }) => [definition.id, group] as const)),
    );
  }

  find(id: string): ServerGroup | undefined {
    return this.#byId.get(id);
  }

  /** The group that a server stands in. */
  groupOfServer(id: ServerId): ServerGroup | undefined {
    return this.#byServer.get(id);
  }

  /** Whether a group has a row: with several folders, the servers of a folder's own package stand right in it. */
  hasRow({ name, path }: ServerGroup): boolean {
    return this.folders.length === 1 || name !== undefined || path !== '';
  }
}
