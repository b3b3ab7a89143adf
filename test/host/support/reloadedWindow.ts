// A window for the tests that kill it again and again: it takes over what the earlier one left, with the real registry,
// lifecycle and process host, and then starts and stops servers at random. Arguments: bundle of the process host, folder of
// the ledger, script that makes process trees, and what it holds in milliseconds. Prints a line for each change of its
// servers, and one for what it finds wrong.
import { setTimeout as sleep } from 'node:timers/promises';
import { Lifecycle } from '../../../src/core/lifecycle/lifecycle.js';
import { OrderedStart } from '../../../src/core/dependencies/orderedStart.js';
import { restoreIdle, restoreRunning } from '../../../src/core/handOver/restoreServers.js';
import { parseSavedServer } from '../../../src/core/handOver/savedServer.js';
import { WindowMemory } from '../../../src/core/handOver/windowMemory.js';
import { readyRule } from '../../../src/core/readiness/readyRule.js';
import { Registry } from '../../../src/core/registry/registry.js';
import { RestartPolicy } from '../../../src/core/restart/restartPolicy.js';
import type { ServerDefinition } from '../../../src/core/server/definition.js';
import { AssignedPorts } from '../../../src/core/tcpPorts/assignedPorts.js';
import { HostClient } from '../../../src/host/client/hostClient.js';

const [hostPath = '', ledgerFolder = '', tree = '', holdMs = '', ...ids] = process.argv.slice(2);
const workspace = ['file:///chaos'];
const clock = { now: () => Date.now(), tick: () => performance.now() };
const report = (line: string): void => void process.stdout.write(`${line}\n`);
const log = {
  info: () => undefined,
  error: (message: string, error: unknown) => report(`wrong ${message}: ${String(error)}`),
};
const registry = new Registry({ admission: { admit: () => Promise.resolve() }, log });
const hold = () => ({ holdMs: Number(holdMs), workspace });
const processes = new HostClient({ hostPath, ledgerFolder, log, hold });
const restarts = new RestartPolicy({ mode: () => 'never', clock });
const ports = new AssignedPorts();
const lifecycle = new Lifecycle({
  registry,
  processes,
  restarts,
  assignedPorts: ports,
  readyPolicy: { rule: () => readyRule(undefined, undefined) },
  stopPolicy: { plan: () => ({ signal: 'SIGTERM', graceMs: 100 }) },
  clock,
  log,
  newRunId: processes.newRunId,
});
const starts = new OrderedStart({
  registry,
  lifecycle,
  otherWindows: processes,
  inspector: processes,
  clock,
  l10n: { t: (message) => message },
});
const memory = new WindowMemory({
  registry,
  store: processes.hold,
  portOf: (id) => ports.of(id),
  restarts,
});

const definitions = ids.map((id): ServerDefinition => ({
  id,
  name: id,
  folder: 'chaos',
  subfolder: '',
  command: { kind: 'argv', file: process.execPath, args: [tree, id] },
  cwd: '/',
  env: {},
  port: undefined,
  source: 'scripts',
}));

/** Takes over what an earlier window left; waits for one that is just being recorded. */
async function takeOver(): Promise<void> {
  for (;;) {
    const { held, isPending } = await processes.hold.find(workspace);
    const [host] = held;
    if (!host && !isPending) return;
    if (!host) {
      await sleep(20);
      continue;
    }
    const { runs, saved } = await processes.hold.takeOver(host);
    const servers = saved.flatMap(({ value }) => parseSavedServer(value) ?? []);
    const deps = { registry, lifecycle, processes, starts, ports, restarts, log };
    const others = await restoreRunning(servers, runs, deps);
    processes.hold.resume();
    await registry.define(definitions);
    await restoreIdle(others, deps);
    memory.forgetOthers(saved.map(({ key }) => key));
    report(`taken ${runs.length}`);
    return;
  }
}

async function startAndStop(id: string): Promise<void> {
  while (!registry.current.closed) {
    const operation = Math.random() < 0.6 ? lifecycle.start(id) : lifecycle.stop(id);
    await operation.catch(() => undefined);
    await sleep(Math.random() * 120);
  }
}

// Like an editor that reloads the window.
process.on('SIGUSR2', () => {
  void registry
    .close()
    .then(() => processes.hold.release())
    .finally(() => process.exit(0));
});
// Like an editor whose window is closed for good.
process.on('SIGTERM', () => {
  void lifecycle
    .cleanup()
    .then(() => processes.dispose())
    .finally(() => process.exit(0));
});

await takeOver();
await registry.define(definitions);
registry.onDidChange(({ servers }) => {
  const runs = servers.flatMap(({ state }) => ('run' in state ? [state.run.id] : []));
  report(`host ${processes.pid ?? 0} ${runs.join(' ')}`);
});
// The first server is started once and lives through all windows.
const [steady = '', ...others] = ids;
await lifecycle.start(steady);
const { state } = registry.get(steady);
report(`steady ${'run' in state ? state.run.process.pid : state.kind}`);
for (const id of others) void startAndStop(id);
