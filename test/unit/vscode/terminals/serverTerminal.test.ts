import assert from 'node:assert/strict';
import { it, vi } from 'vitest';
import { ServerTerminal, type ServerTerminalDeps } from '../../../../src/vscode/terminals/serverTerminal.js';
import type { OutputHost, OutputListener, ShownAbove } from '../../../../src/core/lifecycle/processHost.js';
import { runIdOf } from '../../../../src/core/server/stateQueries.js';
import { english, world } from '../../core/support/fakes.js';
import { FakeTime, settled } from '../../core/support/fakeTime.js';

const nothing = (): void => undefined;

/** Returns what a terminal needs; it does nothing but what the output host is given here. */
function terminalDeps(output: Partial<OutputHost> = {}): ServerTerminalDeps {
  return {
    output: {
      attach: () => nothing,
      acknowledge: nothing,
      input: nothing,
      resize: nothing,
      forget: nothing,
      ...output,
    },
    l10n: english,
    clock: new FakeTime(),
    onStartAgain: nothing,
    onStop: nothing,
    onRun: nothing,
  };
}

it('the terminal of a server that could not be started says why, when it is opened later', async () => {
  const { registry } = await world();
  await registry.reserve('a', 'run');
  const message = 'Command not found on the PATH: npm.';
  await registry.dispatch('a', { kind: 'failed', runId: 'run', reason: 'spawnFailed', message, at: 0 });
  const record = registry.current.servers.find(({ definition }) => definition.id === 'a');
  assert.ok(record);
  const terminal = new ServerTerminal(terminalDeps());
  let shown = '';
  terminal.onDidWrite((text) => {
    shown += text;
  });
  terminal.update(record);
  terminal.open(undefined);
  assert.match(shown, /a failed: Command not found on the PATH: npm at .*\. Press Enter to start it again\./);
});

it('the terminal of a server that was started again keeps what is above, for the next window', async () => {
  const { registry, lifecycle, processes } = await world();
  const calls: string[] = [];
  const listeners: OutputListener[] = [];
  let shownAbove: ShownAbove | undefined;
  const attach: OutputHost['attach'] = (runId, _columns, _rows, onOutput, above) => {
    calls.push(`attach ${runId}`);
    listeners.push(onOutput);
    shownAbove = above;
    return nothing;
  };
  const deps = terminalDeps({ attach, forget: (runId) => calls.push(`forget ${runId}`) });
  const terminal = new ServerTerminal({ ...deps, onRun: () => calls.push(`shows ${terminal.runId}`) });
  registry.onDidChange(() => terminal.update(registry.get('a')));
  terminal.update(registry.get('a'));
  terminal.open(undefined);
  let notes = '';
  terminal.onDidWrite((text) => (notes += text));
  await lifecycle.start('a');
  const first = runIdOf(registry.get('a').state) ?? '';
  processes.emit({
    kind: 'ended',
    runId: first,
    exit: { kind: 'code', code: 1 },
    interrupted: false,
    tail: [],
    survivors: [],
  });
  await settled();
  await lifecycle.start('a');
  const second = runIdOf(registry.get('a').state) ?? '';
  assert.deepEqual(calls, [
    `attach ${first}`,
    `shows ${first}`,
    `attach ${second}`,
    `forget ${first}`,
    `shows ${second}`,
  ]);
  assert.deepEqual(shownAbove, { runId: first, notes });
  assert.match(notes, /exit 1.*Restarted at/s);
  // What follows is of the second run.
  listeners[1]?.('hello', 0);
  assert.ok(notes.endsWith('hello'));
  // A server is no shell, also after a part of its output was skipped.
  listeners[1]?.('\u001b]633;P;Cwd=/$(error)\u0007\u001b]633;A', 0);
  listeners[1]?.('go on', 9);
  assert.ok(notes.startsWith('hello\u001b[0m', notes.lastIndexOf('hello')));
  assert.ok(notes.endsWith('go on'));
});

for (const output of ['hello', '']) {
  const what = output === '' ? 'nothing' : 'something';
  it(`the terminal of a server that printed ${what} and crashed before the terminal opened shows both`, async () => {
    const { registry, lifecycle, processes } = await world();
    const attached: string[] = [];
    let write: OutputListener = nothing;
    const attach: OutputHost['attach'] = (runId, _columns, _rows, onOutput) => {
      attached.push(runId);
      write = onOutput;
      return nothing;
    };
    const terminal = new ServerTerminal(terminalDeps({ attach }));
    registry.onDidChange(() => terminal.update(registry.get('a')));
    let shown = '';
    terminal.onDidWrite((text) => (shown += text));
    await lifecycle.start('a');
    const runId = runIdOf(registry.get('a').state) ?? '';
    const exit = { kind: 'code', code: 1 } as const;
    processes.emit({ kind: 'ended', runId, exit, interrupted: false, tail: [], survivors: [] });
    await settled();
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    terminal.open(undefined);
    assert.deepEqual([attached, shown], [[runId], '']);
    if (output !== '') write(output, 0);
    vi.advanceTimersByTime(1000);
    vi.useRealTimers();
    assert.equal(shown.split('Press Enter').length, 2, shown);
    assert.ok(shown.startsWith(`${output}\u001b[0m`), shown);
  });
}
