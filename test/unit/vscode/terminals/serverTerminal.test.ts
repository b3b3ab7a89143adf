import assert from 'node:assert/strict';
import { it } from 'vitest';
import { ServerTerminal } from '../../../../src/vscode/terminals/serverTerminal.js';
import { english, world } from '../../core/support/fakes.js';
import { FakeTime } from '../../core/support/fakeTime.js';

it('the terminal of a server that could not be started says why, when it is opened later', async () => {
  const { registry } = await world();
  await registry.reserve('a', 'run');
  const message = 'The command "npm" was not found on the PATH.';
  await registry.dispatch('a', { kind: 'failed', runId: 'run', reason: 'spawnFailed', message, at: 0 });
  const record = registry.current.servers.find(({ definition }) => definition.id === 'a');
  assert.ok(record);
  const nothing = (): void => undefined;
  const terminal = new ServerTerminal({
    output: { attach: () => nothing, acknowledge: nothing, input: nothing, resize: nothing, forget: nothing },
    l10n: english,
    clock: new FakeTime(),
    onStartAgain: nothing,
    onStop: nothing,
    onRun: nothing,
  });
  let shown = '';
  terminal.onDidWrite((text) => {
    shown += text;
  });
  terminal.update(record);
  terminal.open(undefined);
  assert.match(
    shown,
    /a failed: The command "npm" was not found on the PATH at .*\. Press Enter to start it again\./,
  );
});
