import type { ServerDefinition } from '../server/definition.js';
import { isIdle } from '../server/stateQueries.js';
import type { ServerGroup } from './groups.js';

/** Number of servers up to which a workspace is small: all its packages are open, in the order of their folders. */
const maxOpenServers = 30;

/** Preferences of the user among the servers. */
export interface Preferences {
  isPinned(definition: ServerDefinition): boolean;
  /** Returns the position among the servers that the user has started, the last one first; `undefined` for others. */
  recency(definition: ServerDefinition): number | undefined;
}

/**
 * Whether a group shows its servers: `plain` in a small workspace, and in a large one `folded`, or `open` because of
 * what runs in it or what the user prefers. Each of these gives the row another id, since the editor ignores a changed
 * expansion of a known row.
 */
export type Expansion = 'plain' | 'open' | 'folded';

/** A group at its place in the tree. */
export interface PlacedGroup {
  readonly group: ServerGroup;
  readonly expansion: Expansion;
}

/** Places in the order of the tree. */
const running = 0;
const pinned = 1;
const recent = 2;
const unranked = Number.MAX_VALUE;

/**
 * Orders the groups of a snapshot. Those with pinned servers come first; in a large workspace, those with running servers
 * come before these and those that were used last after them, and all others are folded.
 */
export function placeGroups(groups: readonly ServerGroup[], preferences: Preferences): PlacedGroup[] {
  const count = groups.reduce((sum, { servers }) => sum + servers.length, 0);
  const isLarge = count > maxOpenServers;
  const ranked = groups.map((group) => ({ group, rank: rankOf(group, preferences, isLarge) }));
  return ranked
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ group, rank }) => ({ group, expansion: isLarge ? expansionOf(rank) : 'plain' }));
}

function expansionOf(rank: number): Expansion {
  return rank === unranked ? 'folded' : 'open';
}

function rankOf({ servers }: ServerGroup, preferences: Preferences, isLarge: boolean): number {
  if (isLarge && servers.some(({ state }) => !isIdle(state))) return running;
  if (servers.some(({ definition }) => preferences.isPinned(definition))) return pinned;
  if (!isLarge) return unranked;
  const used = servers.flatMap(({ definition }) => preferences.recency(definition) ?? []);
  return used.length === 0 ? unranked : recent + Math.min(...used);
}
