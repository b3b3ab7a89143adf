import type { ServerDefinition } from '../../core/server/definition.js';

/** Servers of git worktrees, by the top folder of their worktree. */
export class WorktreeServers {
  readonly #servers = new Map<string, readonly ServerDefinition[]>();

  /** `isRemoved` returns whether a folder was removed, and false if its file system does not answer. */
  constructor(private readonly isRemoved: (folder: string) => Promise<boolean>) {}

  get all(): readonly ServerDefinition[] {
    return [...this.#servers.values()].flat();
  }

  /** Sets the servers of a worktree, and returns whether they differ from the previous ones. */
  set(root: string, servers: readonly ServerDefinition[]): boolean {
    const isChanged = JSON.stringify(this.#servers.get(root)) !== JSON.stringify(servers);
    this.#servers.set(root, servers);
    return isChanged;
  }

  /** Forgets the worktrees whose folders were removed, and resolves with whether there were any. */
  async forgetRemoved(): Promise<boolean> {
    const known = [...this.#servers];
    const areRemoved = await Promise.all(known.map(([root]) => this.isRemoved(root)));
    // A worktree that was set meanwhile exists again.
    const removed = known.filter(
      ([root, servers], index) => areRemoved[index] === true && this.#servers.get(root) === servers,
    );
    for (const [root] of removed) this.#servers.delete(root);
    return removed.length > 0;
  }
}
