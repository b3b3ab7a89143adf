// A window for the tests that kill it, with the real registry, lifecycle and process host, and endless starts and stops.
// Arguments: bundle of the process host, folder of the ledger, script that makes process trees.
import { createHostedRegistry } from '../../support/hostedRegistry.js';

const [hostPath = '', ledgerFolder = '', tree = ''] = process.argv.slice(2);
const kinds = [
  'plain',
  'ignores signals',
  'has a daemon',
  'has a chain of children',
  'launches a daemon and exits',
];
const log = { info: () => undefined, error: () => undefined };
const { registry, processes, lifecycle } = createHostedRegistry({
  hostPath,
  ledgerFolder,
  log,
  stopPlan: { signal: 'SIGTERM', graceMs: 100 },
});

await registry.define(
  kinds.map((kind) => ({
    id: kind,
    name: kind,
    folder: 'chaos',
    subfolder: '',
    command: { kind: 'argv', file: process.execPath, args: [tree, kind] },
    cwd: '/',
    env: {},
    port: undefined,
    source: 'scripts',
  })),
);

async function startAndStop(id: string): Promise<void> {
  while (!registry.current.closed) {
    const operation = Math.random() < 0.6 ? lifecycle.start(id) : lifecycle.stop(id);
    await operation.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 120));
  }
}

// As an editor that runs out of time: clean-up starts and is interrupted.
process.on('SIGUSR2', () => {
  void lifecycle.cleanup();
  setTimeout(() => process.exit(0), 250);
});

for (const id of kinds) void startAndStop(id);
registry.onDidChange(() => process.stdout.write(`${processes.pid}\n`));
