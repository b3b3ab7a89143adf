import assert from 'node:assert/strict';
import { commands, extensions } from 'vscode';
import { type ServerState } from '../../../src/core/server/state.js';
import type { TestHooks } from '../../../src/composition/extensionRuntime.js';
import { until } from '../../support/processes.js';
import type { ServerRecord } from '../../../src/core/registry/snapshot.js';
import { addressOf } from '../../../src/core/server/stateQueries.js';

/** Returns the internals of the activated extension, after a scan of the workspace. */
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

/** Lets agents start servers without a question, as after a start of the user. The editor shows no dialog in tests. */
export function agreeToStart({ consent }: TestHooks, ...servers: ServerRecord[]): void {
  for (const { definition } of servers) consent.give(definition);
}

/** Waits until the state of a server is of this kind, and returns it. */
export async function stateOf<Kind extends ServerState['kind']>(
  api: TestHooks,
  id: string,
  kind: Kind,
): Promise<Extract<ServerState, { kind: Kind }>> {
  await until(`${id} is ${kind}`, () => recordOf(api, id).state.kind === kind).catch((error: Error) => {
    throw new Error(`${error.message}, but ${JSON.stringify(recordOf(api, id).state)}`);
  });
  return recordOf(api, id).state as Extract<ServerState, { kind: Kind }>;
}

/** Returns the address of a server that has one. */
export function addressIn(state: ServerState): string {
  const address = addressOf(state);
  assert.ok(address, `${state.kind} without an address`);
  return address;
}

/** Returns the port that the script which started VS Code gave to a server of the workspace. */
export function portOf(server: string): number {
  const port = (JSON.parse(process.env['TEST_PORTS'] ?? '{}') as Record<string, number>)[server];
  assert.ok(port, `no port for ${server}`);
  return port;
}

/** Stops every server that a test left running. */
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
