import { createHash } from 'node:crypto';
import type { ServerDefinition } from '../../core/server/definition.js';
import { declaredPort } from '../../core/tcpPorts/declaredPort.js';

/** Size of the range above the declared port from which ports of worktrees are chosen. */
const span = 1000;

const maxPort = 65_535;

/**
 * Returns the port of a server in a git worktree. It differs from that of the main checkout, and is the same each time,
 * since it is derived from the path. Two worktrees rarely get the same port; the second one then uses the next free
 * port.
 */
export function worktreePort(declared: number, root: string): number {
  const hash = createHash('sha256').update(root).digest().readUInt32BE(0);
  const port = declared + 1 + (hash % span);
  return port <= maxPort ? port : declared - 1 - (hash % span);
}

/** Returns the port of a server of a worktree, which is not that of the workspace folder's; `undefined` for others. */
export function portInWorktree(definition: ServerDefinition): number | undefined {
  const declared = definition.worktree && declaredPort(definition);
  if (declared === undefined || !definition.worktree) return undefined;
  return worktreePort(declared, definition.worktree.root);
}
