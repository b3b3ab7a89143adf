import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'vitest';
import type { PortHolder, PortUse } from '../../../../src/core/tcpPorts/portUse.js';
import type { ServerState } from '../../../../src/core/server/state.js';
import { PortConflicts } from '../../../../src/vscode/tcpPorts/portConflicts.js';
import { settled } from '../../core/support/fakeTime.js';
import { definition, english } from '../../core/support/fakes.js';
import { editor } from '../support/fakeEditor.js';

const server = definition('api', { script: { body: 'vite', argumentPrefix: ['--'] } });
const complaint = { port: 3000 };
const stuck: ServerState = {
  kind: 'unhealthy',
  run: {
    id: 'run',
    process: { pid: 1, startTime: '1', bootId: 'boot' },
    startedAt: 0,
    startedTick: 0,
  },
  endpoint: undefined,
  problem: { kind: 'conflict', port: 3000, holder: undefined },
};
const crashed: ServerState = {
  kind: 'crashed',
  crash: { kind: 'exit', exit: { kind: 'code', code: 1 }, interrupted: false, tail: [], at: 0 },
};

/** A window with a server that is stuck, and whose port the user is asked about. */
function world(use: PortUse = { kind: 'unknown', url: undefined }) {
  const record: { state: ServerState; definition: typeof server; retired: boolean } = {
    definition: server,
    state: stuck,
    retired: false,
  };
  const starts: string[] = [];
  const start =
    (how: string) =>
    (id: string, options: { readonly port?: number } = {}): Promise<never> => {
      starts.push(`${how} ${id} on ${options.port}`);
      return Promise.resolve(undefined as never);
    };
  const conflicts = new PortConflicts({
    registry: { current: { version: 1, servers: [record] } as never, find: () => record },
    lifecycle: { stop: () => Promise.reject(new Error('not used')), chosenPort: () => undefined },
    starts: { startAlone: start('starts'), stopAndStart: start('stops and starts') },
    otherWindows: { takeOver: () => Promise.reject(new Error('not used')) },
    inspector: {
      inspectPort: () => Promise.resolve(use),
      killPortOwner: () => Promise.reject(new Error('not used')),
    },
    assignedPorts: { reserveFreePort: () => Promise.resolve(3001) },
    mode: () => 'ask',
    remember: () => Promise.resolve(),
    clock: { now: () => 0 },
    log: { info: () => undefined, error: () => undefined },
    l10n: english,
  });
  return { conflicts, record, starts };
}

/** The same window after the server has exited while the question is open. */
async function crashedWhileAsked() {
  const { conflicts, record, starts } = world();
  let answer: (title: string) => void = () => undefined;
  editor.answer = () => new Promise((resolve) => (answer = resolve));
  const asked = conflicts.resolveRunning(record);
  await settled();
  record.state = crashed;
  return { conflicts, record, starts, answer, asked };
}

describe('the question about the port of a running server', () => {
  beforeEach(() => editor.reset('shop'));

  it('stops the server before it starts again', async () => {
    const { conflicts, record, starts } = world();
    editor.answer = () => 'Use 3001';
    assert.equal(await conflicts.resolveRunning(record), true);
    assert.deepEqual(starts, ['stops and starts api on 3001']);
  });

  it('is not asked again when the server exits, and its answer still counts', async () => {
    const { conflicts, starts, answer, asked } = await crashedWhileAsked();
    assert.equal(await conflicts.resolveCrash(server, complaint), true);
    assert.equal(editor.messages.length, 1);
    answer('Use 3001');
    await asked;
    assert.deepEqual(starts, ['starts api on 3001']);
  });

  it('starts nothing once the user has started the server again', async () => {
    const { conflicts, record, starts, answer, asked } = await crashedWhileAsked();
    await conflicts.resolveCrash(server, complaint);
    record.state = { kind: 'reserved', runId: 'next' };
    answer('Use 3001');
    await asked;
    assert.deepEqual(starts, []);
  });

  it('has as many buttons as fit: the terminal is also shown by a click on the row', async () => {
    const offered: (readonly unknown[])[] = [];
    editor.answer = (_question, buttons) => {
      offered.push(buttons);
      return undefined;
    };
    const holder: PortHolder = {
      process: { pid: 9, startTime: '1', bootId: 'boot' },
      name: 'node',
      command: 'node server.js',
      folder: undefined,
      startedAt: undefined,
      owner: { kind: 'foreign' },
    };
    const held: PortUse = { kind: 'held', holders: [holder], url: 'http://localhost:3000/' };
    for (const use of [held, undefined]) {
      const { conflicts, record } = world(use);
      await conflicts.resolveRunning(record);
    }
    assert.deepEqual(offered, [
      ['Open', 'Use 3001', 'Always Use Free Port', 'Stop and Start'],
      ['Use 3001', 'Always Use Free Port', 'Show Terminal'],
    ]);
  });

  it('is asked again when a later run exits', async () => {
    const { conflicts, record } = world();
    editor.answer = () => new Promise(() => undefined);
    void conflicts.resolveRunning(record);
    await settled();
    record.state = crashed;
    await conflicts.resolveCrash(server, complaint);
    void conflicts.resolveCrash(server, complaint);
    await settled();
    assert.equal(editor.messages.length, 2);
  });
});
