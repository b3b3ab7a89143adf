import assert from 'node:assert/strict';
import { commands, extensions } from 'vscode';
import { type ServerState } from '../../../src/core/server/state.js';
import type { TestHooks } from '../../../src/composition/extensionRuntime.js';
import { until } from '../../support/processes.js';
import type { ServerRecord } from '../../../src/core/registry/snapshot.js';
import { addressOf } from '../../../src/core/server/stateQueries.js';

/** The inside of the activated extension, with the workspace looked through. */
export async function activeApi(): Promise<TestHooks> {
  const extension = extensions.getExtension<{ internals?: () => Promise<TestHooks> }>(
    'dev-server-registry.dev-server-registry',
  );
  assert.ok(extension, 'the extension is not installed');
  const { internals } = await extension.activate();
  assert.ok(internals, 'the extension does not know that it is tested');
  await commands.executeCommand('devServers.refresh');
  return internals();
}

export function recordOf({ registry }: TestHooks, id: string): ServerRecord {
  return registry.get(id);
}

/** The state of a server once it is of that kind. */
export async function stateOf<Kind extends ServerState['kind']>(
  api: TestHooks,
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
export async function stopAll(api: TestHooks): Promise<void> {
  await commands.executeCommand('devServers.stopAll');
  const alive = api.registry.current.servers.filter(
    ({ state }) => state.kind !== 'stopped' && state.kind !== 'crashed',
  );
  assert.deepEqual(
    alive.map(({ definition, state }) => `${definition.id}: ${state.kind}`),
    [],
  );
}
