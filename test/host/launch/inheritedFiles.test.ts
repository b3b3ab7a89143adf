import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { it } from 'vitest';
import { spawnPty } from '../../../src/host/launch/pty.js';

interface Program {
  readonly write: (text: string) => void;
  /** Resolves with all output when the program has ended. */
  readonly output: Promise<string>;
}

function run(file: string, ...args: readonly string[]): Program {
  let text = '';
  let end = (): void => undefined;
  const pty = spawnPty({
    file,
    args,
    cwd: '/',
    env: {},
    onData: (data) => (text += data.toString()),
    onExit: () => end(),
  });
  return {
    write: (keys) => pty.write(keys),
    output: new Promise((resolve) => (end = () => resolve(text))),
  };
}

// Only Linux lists the open files of a process without a tool.
it.skipIf(process.platform !== 'linux')('a server gets no terminal of another one', async () => {
  const files = Array.from({ length: 40 }, () => openSync('/dev/null', 'r'));
  const other = run('/bin/sh', '-c', 'read line');
  // Leaves a gap above 15 and below the terminal of the other server.
  for (const file of files.splice(20, 10)) closeSync(file);
  const listed = await run('/bin/ls', '-l', '/proc/self/fd').output;
  assert.match(listed, / 0 -> \/dev\/pts\//);
  assert.doesNotMatch(listed, /ptmx/);
  other.write('\r');
  await other.output;
  for (const file of files) closeSync(file);
});
