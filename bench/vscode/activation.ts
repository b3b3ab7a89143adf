import { extensions } from 'vscode';
import type { TestHooks } from '../../src/composition/extensionRuntime.js';
import type { PartResult } from '../harness/result.js';
import type { Setup } from '../harness/setup.js';
import { pause, timed } from '../harness/time.js';

/** An extension that does nothing, for comparison. */
const emptyExtension = 'bench.empty';
const ours = 'dev-server-registry.dev-server-registry';

/** An extension of VS Code that is activated first: the first activation in a window costs more. */
const firstExtension = 'vscode.references-view';

/** How long a new window is busy, milliseconds. */
const settleMs = 5000;

/** Measures a single activation, since a window has only one. The caller combines the rows of several windows. */
export async function activation(_setup: Setup): Promise<PartResult> {
  await pause(settleMs);
  await extensions.getExtension(firstExtension)?.activate();
  const isOursFirst = process.env['BENCH_ROUND'] === 'odd';
  const order = isOursFirst ? [ours, emptyExtension] : [emptyExtension, ours];
  const times: Record<string, number> = {};
  for (const id of order) times[id] = await activationMs(id);
  return {
    title: '',
    method: '',
    rows: [
      {
        who: 'window',
        empty: times[emptyExtension] ?? Number.NaN,
        ours: times[ours] ?? Number.NaN,
        ...workDone(await extensions.getExtension<Tested>(ours)?.exports.internals?.()),
      },
    ],
    marks: [],
    missing: [],
  };
}

interface Tested {
  readonly internals?: () => Promise<TestHooks>;
}

async function activationMs(id: string): Promise<number> {
  const extension = extensions.getExtension(id);
  if (!extension) throw new Error(`${id} is not installed.`);
  if (extension.isActive) throw new Error(`${id} is active already.`);
  return timed(() => extension.activate());
}

/** Counts the work of the activation before the first use: process hosts that it forked and servers that it read. */
function workDone(api: TestHooks | undefined): { forked: number; read: number } {
  if (!api) return { forked: Number.NaN, read: Number.NaN };
  const { processes, registry } = api;
  return { forked: processes.pid === undefined ? 0 : 1, read: registry.current.servers.length };
}
