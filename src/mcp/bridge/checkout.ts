import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Working copy of a git repository. */
export interface Checkout {
  /** Absolute path of its top folder. */
  readonly root: string;
  /** Whether `git worktree add` made it beside another checkout of the same repository. */
  readonly isLinked: boolean;
}

/** Largest size of a file `.git`, which names a folder; bytes. */
const maxPointerBytes = 8192;

/** Returns the innermost checkout that contains the folder; `undefined` without one. A submodule is part of the outer one. */
export async function checkoutOf(folder: string): Promise<Checkout | undefined> {
  for (let root = folder; ; root = dirname(root)) {
    const kind = await checkoutKind(join(root, '.git'));
    if (kind !== undefined) return { root, isLinked: kind === 'linked' };
    if (dirname(root) === root) return undefined;
  }
}

async function checkoutKind(path: string): Promise<'main' | 'linked' | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return 'main';
  if (!found?.isFile() || found.size > maxPointerBytes) return undefined;
  const text = await readFile(path, 'utf8').catch(() => '');
  // A worktree points into `worktrees` of the repository, a submodule into `modules`.
  return /^gitdir:.*[\\/]worktrees[\\/][^\\/]+\s*$/u.test(text) ? 'linked' : undefined;
}
