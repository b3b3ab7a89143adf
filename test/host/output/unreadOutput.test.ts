import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { spawnPty } from '../../../src/host/launch/pty.js';
import type { Pty } from '../../../src/host/launch/terminalProcess.js';

interface Run {
  readonly pty: Pty;
  /** Resolves with all output when the exit has been reported. */
  readonly output: Promise<string>;
}

function run(script: string, onData: (pty: Pty) => void): Run {
  let text = '';
  let end = (): void => undefined;
  const pty: Pty = spawnPty({
    file: '/bin/sh',
    args: ['-c', script],
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '' },
    onData: (data) => {
      text += data.toString();
      onData(pty);
    },
    onExit: () => end(),
  });
  return { pty, output: new Promise((resolve) => (end = () => resolve(text))) };
}

function block(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end;);
}

describe.skipIf(process.platform === 'win32')('The output of a process that has exited', () => {
  it('is read to its end by a busy process host', async () => {
    const { output } = run('seq 3000', () => block(60));
    assert.match(await output, /\n3000\r\n$/);
  });

  it('is read to its end though the terminal is paused', async () => {
    const { pty, output } = run('seq 500; sleep 0.2; seq 501 1000', () => pty.pause());
    assert.match(await output, /\n1000\r\n$/);
  });

  it('ends even if a process that outlives it holds the terminal and writes on', async () => {
    const { output } = run('trap "" HUP; yes & echo "process $!"', () => undefined);
    const [, survivor] = /process (\d+)/.exec(await output) ?? [];
    process.kill(Number(survivor), 'SIGKILL');
  });
});
