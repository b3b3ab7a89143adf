import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { listenersOn } from '../../src/host/system/listeners.js';
import { findSocketHolders } from '../../src/host/sockets/socketHolders.js';
import { systemTables } from '../../src/host/sockets/socketQueries.js';
import { startBare, killGroup } from '../candidates/bare.js';
import { Fleet } from '../harness/fleet.js';
import { compared, mark } from '../harness/marks.js';
import type { PartResult } from '../harness/result.js';
import { installed, rounds, type Setup } from '../harness/setup.js';
import { median } from '../harness/statistics.js';
import { pause, timed } from '../harness/time.js';
import { Window } from '../harness/window.js';
import { freePorts } from '../harness/freePorts.js';
import { currentPlatform } from '../../src/host/platform/currentPlatform.js';

const sockets = 100;
const run = promisify(execFile);

type Find = (ports: readonly number[]) => Promise<readonly (number | undefined)[]>;

/**
 * Measures how long it takes to find the process that uses a port: for a free port, for one used port, and for a
 * hundred.
 */
export async function portOwners(setup: Setup): Promise<PartResult> {
  const window = new Window();
  await window.warmUp();
  const fleet = await Fleet.prepare(setup, sockets);
  const runs = fleet.commands.map((command) => startBare(command, fleet.env));
  await fleet.control.whenUp(fleet.ports);
  const inspect: Find = (ports) =>
    Promise.all(
      ports.map(async (port) => {
        const use = await window.processes.inspectPort(port);
        return use.kind === 'held' ? use.holders[0]?.process.pid : undefined;
      }),
    );
  const pidPort = await loadPidPort(setup);
  const free = await freePorts(1);
  const hand = candidate('/proc by hand', byHand);
  const owners = candidate('ours, owners only', ownersByOurs());
  const ours = candidate('ours, everything that a start needs', inspect);
  const peer = candidate('pid-port', pidPort);
  const times = [
    hand,
    owners,
    ours,
    ...(installed('lsof') === undefined ? [] : [candidate('lsof', byLsof)]),
    peer,
  ];
  const freeTimes: number[] = [];
  for (let round = 0; round < rounds(setup, 100); round += 1) {
    await pause(20);
    freeTimes.push(await timed(() => window.processes.inspectPort(free[0] ?? 0)));
  }
  for (let round = 0; round < rounds(setup, 20); round += 1) {
    for (const each of times) each.one.push(await timed(() => each.find(fleet.ports.slice(0, 1))));
    // It is slow, and fewer rounds are enough.
    const due = round < 3 ? times : times.filter((each) => each !== peer);
    for (const each of due) each.many.push(await timed(() => each.find(fleet.ports)));
  }
  const found = [await owners.find(fleet.ports), await ours.find(fleet.ports)];
  const wrong = found.flatMap((pids) => pids.filter((pid, index) => pid !== runs[index]?.pid)).length;
  for (const { pid } of runs) killGroup(pid);
  await fleet.close();
  await window.close();
  return {
    title: 'Processes that use a port',
    method: `${sockets} small servers listen. By hand: one scan of \`/proc/net/tcp\` and of the open files of all processes. Ours finds the owners in the same way. A start needs more: it tries to bind the port, and tries again a moment later if that fails. For the process that uses the port, it finds the owner and the start time, and checks whether it answers by HTTP. Simultaneous requests share one scan. The free port is inspected as in a start, from another process. pid-port also gets all requests at once.`,
    rows: [
      ...compared(
        'ms',
        times.map(({ name, one }) => ({ who: `${name}, 1 socket`, values: one })),
      ),
      ...compared(
        'ms',
        times.map(({ name, many }) => ({ who: `${name}, ${sockets} sockets`, values: many })),
      ),
      ...compared('ms', [{ who: 'ours, a free port', values: freeTimes }]),
    ],
    marks: [
      mark({ what: 'a free port', ours: median(freeTimes), unit: 'ms', atMost: 1 }),
      mark({
        what: `owners of ${sockets} sockets`,
        ours: median(owners.many),
        unit: 'ms',
        baseline: median(hand.many),
        atMost: 40,
      }),
      mark({ what: 'wrong owners', ours: wrong, unit: '', atMost: 0 }),
    ],
    missing: installed('lsof') === undefined ? ['lsof (not installed)'] : [],
  };
}

function candidate(name: string, find: Find): { name: string; find: Find; one: number[]; many: number[] } {
  return { name, find, one: [], many: [] };
}

/** Finds owners as the process host does, without the requests to it. */
function ownersByOurs(): Find {
  const tables = systemTables(currentPlatform());
  return async (ports) => {
    const [listeners, held] = await Promise.all([tables.sockets.get(), tables.processSockets.get()]);
    const holders = findSocketHolders(held, listeners);
    return ports.map((port) => {
      const [listener] = listenersOn(port, listeners);
      return listener && holders.of(listener)[0];
    });
  };
}

async function byHand(ports: readonly number[]): Promise<(number | undefined)[]> {
  const table = await readFile('/proc/net/tcp', 'latin1');
  const inodes = new Map<number, string>();
  for (const line of table.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    if (fields[3] === '0A') inodes.set(Number.parseInt(fields[1]?.split(':')[1] ?? '0', 16), fields[9] ?? '');
  }
  const holders = new Map<string, number>();
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  await Promise.all(
    pids.map(async (pid) => {
      const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
      for (const file of files) {
        const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '');
        const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
        if (inode !== undefined) holders.set(inode, Number(pid));
      }
    }),
  );
  return ports.map((port) => holders.get(inodes.get(port) ?? ''));
}

async function byLsof(ports: readonly number[]): Promise<(number | undefined)[]> {
  const { stdout } = await run('lsof', ['-nP', '-iTCP', '-sTCP:LISTEN', '-Fpn']);
  const holders = new Map<number, number>();
  let pid = 0;
  for (const line of stdout.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1));
    if (line.startsWith('n')) holders.set(Number(line.slice(line.lastIndexOf(':') + 1)), pid);
  }
  return ports.map((port) => holders.get(port));
}

async function loadPidPort({ peers }: Setup): Promise<Find> {
  const path = pathToFileURL(join(peers, 'node_modules', 'pid-port', 'index.js')).href;
  const { portToPid } = (await import(path)) as { portToPid: (port: number) => Promise<number | undefined> };
  return (ports) => Promise.all(ports.map((port) => portToPid(port)));
}
