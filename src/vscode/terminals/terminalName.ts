import { plainText } from '../../core/plainText.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { fullTitle } from '../../core/server/definition.js';
import { isBroken } from '../../core/views/groups.js';

/** Longest name of a terminal, in UTF-16 units. */
const maxLength = 100;

/**
 * Returns the name of a server's terminal. The editor never changes the icon of a terminal, but renders icons in its
 * name, so problems are shown there.
 */
export function terminalName({ definition, state }: ServerRecord): string {
  const title = plainText(fullTitle(definition), maxLength);
  if (isBroken(state)) return `$(error) ${title}`;
  return state.kind === 'unhealthy' ? `$(warning) ${title}` : title;
}
