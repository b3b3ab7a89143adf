import { closeSync, openSync, readdirSync } from 'node:fs';

/** Highest number of an open file up to which gaps are closed; more would take milliseconds of each start. */
const maxFile = 4096;

/**
 * Runs a fork of node-pty on Linux so that its process gets no open file of this one. node-pty marks files one after
 * the other until it finds a number above 15 that is not open, unless its binary knows `close_range`. So there must be
 * no gap below the terminals of other servers: if a server inherited one of these, that terminal would not hang up when
 * this process exits.
 */
export function withoutGaps<Result>(fork: () => Result): Result {
  const fillers: number[] = [];
  try {
    if (process.platform === 'linux') fillGaps(fillers);
    return fork();
  } finally {
    for (const file of fillers) closeSync(file);
  }
}

/** Opens files until their numbers, each the lowest that is free, are above those of all others. */
function fillGaps(fillers: number[]): void {
  const highest = Math.max(...readdirSync('/proc/self/fd').map(Number));
  if (highest > maxFile) return;
  try {
    while ((fillers.at(-1) ?? 0) < highest) fillers.push(openSync('/dev/null', 'r'));
  } catch {
    // No further file can be opened. Close the fillers, since the fork needs descriptors too.
    for (const file of fillers.splice(0)) closeSync(file);
  }
}
