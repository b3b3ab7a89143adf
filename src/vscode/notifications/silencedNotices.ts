import type { Memento } from 'vscode';

/** Notifications that appear without an action of the user, and that the user can switch off in a workspace. */
export type NoticeKind = 'health' | 'problems';

const storageKey = 'devServers.silencedNotices';

/** The notifications that the user does not want to see again in this workspace. */
export class SilencedNotices {
  constructor(private readonly memento: Memento) {}

  has(kind: NoticeKind): boolean {
    return this.#stored().includes(kind);
  }

  async add(kind: NoticeKind): Promise<void> {
    await this.memento.update(storageKey, [...new Set([...this.#stored(), kind])]);
  }

  /** Shows all of them again. */
  async clear(): Promise<void> {
    await this.memento.update(storageKey, undefined);
  }

  #stored(): readonly string[] {
    return this.memento.get<readonly string[]>(storageKey, []);
  }
}
