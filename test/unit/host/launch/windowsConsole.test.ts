import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, it } from 'vitest';
import {
  consolesInUse,
  WindowsConsole,
  withCapitalDrive,
} from '../../../../src/host/launch/windowsConsole.js';

type Exit = { exitCode: number | undefined };

/** A terminal of node-pty, whose program runs until `end`. */
class FakePty {
  pid = 0;
  readonly sizes: string[] = [];
  readonly calls: string[] = [];
  /** Private to node-pty. */
  readonly ['_agent']: Record<string, unknown> & { exitCode?: number } = {
    _clearConnectionTimeout: () => this.calls.push('wait'),
    _failPtyConnection: () => this.calls.push('give up'),
  };
  readonly #exitListeners: ((exit: Exit) => void)[] = [];
  #dataListener: ((data: string) => void) | undefined;

  onExit(listener: (exit: Exit) => void): void {
    this.#exitListeners.push(listener);
  }

  onData(listener: (data: string) => void): { dispose(): void } {
    this.#dataListener = listener;
    return { dispose: () => (this.#dataListener = undefined) };
  }

  resize(columns: number, rows: number): void {
    if (this['_agent'].exitCode !== undefined) throw new Error('Cannot resize a pty that has already exited');
    this.sizes.push(`${columns}x${rows}`);
  }

  print(data: string): void {
    this.#dataListener?.(data);
  }

  end(exitCode: number | undefined): void {
    for (const listener of this.#exitListeners) listener({ exitCode });
  }
}

describe('a console of Windows', () => {
  it('has its folder with a capital drive letter', () => {
    assert.deepEqual(['c:\\Shop', 'D:\\x', '\\\\host\\c:'].map(withCapitalDrive), [
      'C:\\Shop',
      'D:\\x',
      '\\\\host\\c:',
    ]);
  });

  it('is resized after the first output, to the latest size', async () => {
    const pty = new FakePty();
    const console = new WindowsConsole(pty, 'tool', [1, 2]);
    console.resize(80, 24);
    console.resize(100, 30);
    assert.deepEqual(pty.sizes, []);
    pty.pid = 8;
    pty.print('x');
    await nextTurn();
    console.resize(90, 20);
    assert.deepEqual([pty.sizes, await console.created], [['100x30', '90x20'], 8]);
    pty.end(0);
  });

  it('ignores a resize without an error once its program has exited', async () => {
    const pty = new FakePty();
    const console = new WindowsConsole(pty, 'tool', [1, 2]);
    console.resize(80, 24);
    pty['_agent'].exitCode = 1;
    pty.print('x');
    await nextTurn();
    console.resize(81, 24);
    assert.deepEqual(pty.sizes, []);
    pty.end(1);
    await assert.rejects(console.created);
  });

  it('that closes before its program exits waits for the exit code', async () => {
    const pty = new FakePty();
    const console = new WindowsConsole(pty, 'tool', [1, 2]);
    pty.pid = 8;
    pty.end(undefined);
    const code = console.exitCode(undefined);
    pty['_agent'].exitCode = 3;
    assert.deepEqual([await code, await console.exitCode(4)], [3, 4]);
  });

  it('is in use until its program has ended', async () => {
    const pty = new FakePty();
    const console = new WindowsConsole(pty, 'tool', [1, 2]);
    assert.deepEqual([...consolesInUse], [[1, 2]]);
    pty.pid = 8;
    pty.end(0);
    assert.deepEqual([[...consolesInUse], await console.created], [[], 8]);
  });

  it('has a longer time to connect than node-pty allows, and is closed after it', async () => {
    const pty = new FakePty();
    const console = new WindowsConsole(pty, 'tool', [1, 2], 0);
    assert.deepEqual(pty.calls, ['wait']);
    await assert.rejects(console.created, /did not create the process in time/);
    assert.deepEqual(pty.calls, ['wait', 'give up']);
    pty.end(-1);
  });

  it('whose program could not be created reports the error of Windows', async () => {
    const pty = new FakePty();
    const console = new WindowsConsole(pty, 'tool', [1, 2]);
    pty.end(193);
    await assert.rejects(console.created, /The start failed: it is not a program for this version.*tool/);
    const slow = new FakePty();
    await assert.rejects(
      new WindowsConsole(slow, 'tool', [1, 2], 0).created,
      /did not create the process in time/,
    );
    slow.end(undefined);
  });
});
