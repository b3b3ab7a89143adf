import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'vitest';
import type { LogOwner } from '../../../src/core/logs/logStore.js';
import { until } from '../../support/processes.js';
import { TestHost, serverFolder } from '../support/testHost.js';

/** Maximum resident memory of the process host, mebibytes. */
const maxMemory = 150;
const floodMs = Number(process.env['FLOOD_SECONDS'] ?? 3) * 1000;

const cwd = serverFolder;

/** Writes numbered lines as fast as the terminal takes them, until SIGUSR2; then it writes their number. */
const flood = `
  let line = 0;
  let isOver = false;
  process.on('SIGUSR2', () => { isOver = true; });
  const write = () => {
    let text = '';
    for (let count = 0; count < 1000; count++) text += 'line ' + line++ + ' of a flood, as long as lines are\\n';
    process.stdout.write(text, () => isOver ? process.stdout.write('after ' + line + ' lines\\n') : setImmediate(write));
  };
  write();
  setInterval(() => {}, 1000);
`;

describe('output as fast as a terminal carries it', function () {
  let host: TestHost;
  beforeEach(() => {
    host = new TestHost({ logBytes: 10 * 1024 * 1024 });
  });
  afterEach(() => host.end());

  for (const count of [1, 10]) {
    it(`keeps memory bounded and the end of the log correct, from ${count} servers at once`, async () => {
      const owners = Array.from({ length: count }, (_, index) => ({ id: `flood-${index}`, cwd }));
      const pids = await Promise.all(owners.map(startFlood));
      await peakBelowLimit(floodMs);
      for (const pid of pids) process.kill(pid, 'SIGUSR2');
      for (const owner of owners) {
        await until('the last line', async () => /^after \d+ lines$/mu.test(await endOf(owner)));
        assertWhole(await endOf(owner));
      }
      await peakBelowLimit(500);
    });
  }

  it('does so for an unfinished line of 100 MB', async () => {
    const owner = { id: 'line', cwd };
    const script =
      'const x = "x".repeat(1e6); for (let i = 0; i < 100; i++) process.stdout.write(x); console.log("end")';
    await host.start(
      { kind: 'argv', file: process.execPath, args: ['-e', `${script}; setInterval(() => {}, 1000)`] },
      { serverId: owner.id },
    );
    const ended = until('the end of the line', async () => (await endOf(owner)).endsWith('xend\n'));
    await Promise.all([ended, peakBelowLimit(floodMs)]);
    const tail = await host.client.logs.tail(owner, { lines: 1 });
    assert.ok(tail?.truncated);
    assert.match(tail.text, /^x{2000000,}end\n$/u);
  });

  it('is shown to the end by a terminal that is far behind, and does not wait for it', async () => {
    const owner = { id: 'shown', cwd };
    const pid = await startFlood(owner);
    let text = '';
    let skipped = 0;
    const run = host.runs.at(-1) ?? '';
    host.client.attach(run, 80, 24, (data, skippedBytes) => {
      skipped += skippedBytes;
      text = (text + data).slice(-200_000);
      setTimeout(() => host.client.acknowledge(run, data.length), 50);
    });
    await Promise.all([
      until('a megabyte that is skipped', () => skipped > 1_000_000),
      peakBelowLimit(floodMs),
    ]);
    process.kill(pid, 'SIGUSR2');
    await until('the end on the screen', () => /after \d+ lines\r\n$/u.test(text));
    assertWhole((await host.client.logs.tail(owner, { bytes: 100_000 }))?.text ?? '');
  });

  async function startFlood({ id }: LogOwner): Promise<number> {
    const command = { kind: 'argv', file: process.execPath, args: ['-e', flood] } as const;
    const run = await host.start(command, { serverId: id });
    return (await host.event(run, 'spawned')).process.pid;
  }

  async function endOf(owner: LogOwner): Promise<string> {
    return (await host.client.logs.tail(owner, { bytes: 100_000 }))?.text ?? '';
  }

  /** Samples the memory of the process host for this time, and checks its peak. */
  async function peakBelowLimit(milliseconds: number): Promise<void> {
    const end = performance.now() + milliseconds;
    let peak = 0;
    while (performance.now() < end) {
      peak = Math.max(peak, residentMebibytes(host.client.pid ?? 0));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    if (process.env['FLOOD_SECONDS']) console.log(`      ${peak} MiB`);
    assert.ok(peak < maxMemory, `${peak} MiB`);
  }
});

/** Checks that the last lines are complete, in order, and end with their number. */
function assertWhole(text: string): void {
  const count = Number(/after (?<count>\d+) lines\n$/u.exec(text)?.groups?.['count']);
  const lines = text.trimEnd().split('\n').slice(0, -1);
  assert.ok(lines.length > 1000, `${lines.length} lines`);
  assert.deepEqual(
    lines,
    lines.map((_, index) => `line ${count - lines.length + index} of a flood, as long as lines are`),
  );
}

function residentMebibytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(?<size>\d+)/mu.exec(status)?.groups?.['size']) / 1024);
}
