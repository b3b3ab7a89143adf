import assert from 'node:assert/strict';
import { commands, workspace } from 'vscode';
import type { TestHooks } from '../../../src/composition/extensionRuntime.js';
import { until } from '../../support/processes.js';
import { lagP99 } from '../support/lag.js';
import { activeApi, stateOf, stopAll } from '../support/servers.js';

const flood = 'workspace:flood';

/** Maximum lag of the extension host at the 99th percentile, in milliseconds. */
const maxHidden = 20;
const maxShown = 50;

describe('a server that writes as fast as its terminal carries it', function () {
  let api: TestHooks;
  before(async () => {
    api = await activeApi();
    const configuration = workspace.getConfiguration('devServers');
    await configuration.update('servers', [{ id: 'flood', command: 'yes "a line of a flood"' }], false);
    await commands.executeCommand('devServers.refresh');
  });
  afterEach(() => stopAll(api));
  after(async () => {
    const configuration = workspace.getConfiguration('devServers');
    await configuration.update('servers', undefined, false);
    await configuration.update('showTerminalOnStart', undefined, false);
    await commands.executeCommand('devServers.refresh');
  });

  it('leaves the editor responsive while its log is shown', async () => {
    await workspace.getConfiguration('devServers').update('showTerminalOnStart', false, false);
    await commands.executeCommand('devServers.start', flood);
    await stateOf(api, flood, 'starting');
    await commands.executeCommand('devServers.showServerLog', flood);
    await assertLag(maxShown);
    await commands.executeCommand('workbench.action.closeAllEditors');
  });

  for (const [isShown, most] of [
    [false, maxHidden],
    [true, maxShown],
  ] as const) {
    it(`leaves the editor responsive while its terminal is ${isShown ? 'shown' : 'hidden'}`, async () => {
      const configuration = workspace.getConfiguration('devServers');
      await configuration.update('showTerminalOnStart', isShown, false);
      await commands.executeCommand('devServers.start', flood);
      await stateOf(api, flood, 'starting');
      await assertLag(most);
      const owner = api.registry.get(flood).definition;
      await until('the log', async () => {
        const tail = await api.processes.logs.tail(owner, { lines: 3 });
        return tail?.text.startsWith('a line of a flood\na line of a flood\n') === true;
      });
    });
  }
});

async function assertLag(most: number): Promise<void> {
  const lag = await lagP99();
  console.log(`      lag p99: ${lag.toFixed(1)} ms`);
  assert.ok(lag < most, `${lag} ms`);
}
