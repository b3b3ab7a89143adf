import type { ServerDefinition } from '../../core/server/definition.js';

/** Servers of git worktrees, by the top folder of their worktree. */
export class WorktreeServers {
  readonly #servers = new Map<string, readonly ServerDefinition[]>();

  constructor(private readonly isFolder: (path: string) => Promise<boolean>) {}

  get all(): readonly ServerDefinition[] {
    return [...this.#servers.values()].flat();
  }

  /** Sets the servers of a worktree, and returns whether they are other ones than before. */
  set(root: string, servers: readonly ServerDefinition[]): boolean {
    if (JSON.stringify(this.#servers.get(root)) === JSON.stringify(servers)) return false;
    this.#servers.set(root, servers);
    return true;
  }

  /** Forgets the worktrees that were removed from the disk, and resolves with whether there were any. */
  async forgetRemoved(): Promise<boolean> {
    const roots = [...this.#servers.keys()];
    const exist = await Promise.all(roots.map(this.isFolder));
    const removed = roots.filter((_, index) => exist[index] === false);
    return removed.map((root) => this.#servers.delete(root)).length > 0;
  }
}
