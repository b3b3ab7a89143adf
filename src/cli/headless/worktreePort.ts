import { createHash } from 'node:crypto';

/** Number of ports above the declared one among which those of worktrees are. */
const span = 1000;

const maxPort = 65_535;

/**
 * Returns the port of a server in a git worktree: another one than that of the main checkout, and the same each time, since
 * it follows from the path. Two worktrees rarely have the same; the second then gets the next free port.
 */
export function worktreePort(declared: number, root: string): number {
  const hash = createHash('sha256').update(root).digest().readUInt32BE(0);
  const port = declared + 1 + (hash % span);
  return port <= maxPort ? port : declared - 1 - (hash % span);
}
