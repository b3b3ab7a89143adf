import type { ServerRecord } from '../registry/snapshot.js';
import type { ServerDefinition } from '../server/definition.js';
import { addressOf } from '../server/stateQueries.js';
import { declaredPort } from '../tcpPorts/declaredPort.js';
import { portLabelOf } from './rowDescription.js';

/** Returns the text in which users search for a server: its folder, group, name, port, address and label. */
export function searchText({ definition, state }: ServerRecord): string {
  const { folder, subfolder, group = '', name } = definition;
  const address = addressOf(state) ?? declaredAddress(definition);
  return `${folder}/${subfolder} ${group} ${name} ${address} ${portLabelOf({ definition, state }) ?? ''}`;
}

/** Returns the port that a server is known to use before it runs, such as `:3000`; empty if there is none. */
export function declaredAddress(definition: ServerDefinition): string {
  const port = declaredPort(definition);
  return port === undefined ? '' : `:${port}`;
}

/** Returns whether a text contains all words of a query, in any order. */
export function matchesWords(text: string, query: string): boolean {
  const lowerCase = text.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/u)
    .every((word) => lowerCase.includes(word));
}
