import assert from 'node:assert/strict';
import { commands, extensions } from 'vscode';
import type { ServerRecord } from '../../../src/core/registry.js';
import { addressOf, type ServerState } from '../../../src/core/serverState.js';
import type { Api } from '../../../src/extension.js';
import { until } from '../../support/processes.js';

/** The activated extension, with the workspace looked through. */
export async function activeApi(): Promise<Api> {
  const extension = extensions.getExtension<Api>('dev-server-registry.dev-server-registry');
  assert.ok(extension, 'the extension is not installed');
  const api = await extension.activate();
  await commands.executeCommand('devServers.refresh');
  return api;
}

export function recordOf({ registry }: Api, id: string): ServerRecord {
  return registry.get(id);
}

/** The state of a server once it is of that kind. */
export async function stateOf<Kind extends ServerState['kind']>(
  api: Api,
  id: string,
  kind: Kind,
): Promise<Extract<ServerState, { kind: Kind }>> {
  await until(`${id} is ${kind}`, () => recordOf(api, id).state.kind === kind, 15_000).catch(
    (error: Error) => {
      throw new Error(`${error.message}, but ${JSON.stringify(recordOf(api, id).state)}`);
    },
  );
  return recordOf(api, id).state as Extract<ServerState, { kind: Kind }>;
}

/** Where a server answers; a test that asks has waited for that. */
export function addressIn(state: ServerState): string {
  const address = addressOf(state);
  assert.ok(address, `${state.kind} without an address`);
  return address;
}

/** Ends everything, whatever a test left behind. */
export async function stopAll(api: Api): Promise<void> {
  await commands.executeCommand('devServers.stopAll');
  const alive = api.registry.current.servers.filter(
    ({ state }) => state.kind !== 'stopped' && state.kind !== 'crashed',
  );
  assert.deepEqual(
    alive.map(({ definition, state }) => `${definition.id}: ${state.kind}`),
    [],
  );
}
