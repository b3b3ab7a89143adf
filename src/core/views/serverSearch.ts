import type { ServerRecord } from '../registry/snapshot.js';
import { addressOf } from '../server/stateQueries.js';
import { portLabelOf } from './rowDescription.js';

/** Returns the text in which users search for a server: its folder, group, name, port, address and label. */
export function searchText({ definition, state }: ServerRecord): string {
  const { folder, subfolder, group = '', name, port } = definition;
  const address = addressOf(state) ?? (port === undefined ? '' : `:${port}`);
  return `${folder}/${subfolder} ${group} ${name} ${address} ${portLabelOf({ definition, state }) ?? ''}`;
}

/** Returns whether a text contains all words of a query, in any order. */
export function matchesWords(text: string, query: string): boolean {
  const lowerCase = text.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/u)
    .every((word) => lowerCase.includes(word));
}
