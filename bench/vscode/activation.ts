import { extensions } from 'vscode';
import type { TestHooks } from '../../src/composition/extensionRuntime.js';
import type { PartResult } from '../harness/result.js';
import type { Setup } from '../harness/setup.js';
import { pause, timed } from '../harness/time.js';

/** The extension that only exists, beside this one. */
const emptyExtension = 'bench.empty';
const ours = 'dev-server-registry.dev-server-registry';

/** One of VS Code itself, which pays for what every activation needs. */
const firstExtension = 'vscode.references-view';

/** A window that opens has much to do; milliseconds. */
const settleMs = 5000;

/** One activation: a window has no second one. The rows of several windows are put together by the caller. */
export async function activation(_setup: Setup): Promise<PartResult> {
  await pause(settleMs);
  await extensions.getExtension(firstExtension)?.activate();
  const isFirst = process.env['BENCH_ROUND'] === 'odd';
  const order = isFirst ? [ours, emptyExtension] : [emptyExtension, ours];
  const times: Record<string, number> = {};
  for (const id of order) times[id] = await activated(id);
  return {
    title: '',
    method: '',
    rows: [
      {
        who: 'window',
        empty: times[emptyExtension] ?? Number.NaN,
        ours: times[ours] ?? Number.NaN,
        ...askedFor(await extensions.getExtension<Tested>(ours)?.exports.internals?.()),
      },
    ],
    marks: [],
    missing: [],
  };
}

interface Tested {
  readonly internals?: () => Promise<TestHooks>;
}

async function activated(id: string): Promise<number> {
  const extension = extensions.getExtension(id);
  if (!extension) throw new Error(`${id} is not installed.`);
  if (extension.isActive) throw new Error(`${id} is active already.`);
  return timed(() => extension.activate());
}

/** What it did though nobody has asked for anything yet. */
function askedFor(api: TestHooks | undefined): { forked: number; read: number } {
  if (!api) return { forked: Number.NaN, read: Number.NaN };
  const { processes, registry } = api;
  return { forked: processes.pid === undefined ? 0 : 1, read: registry.current.servers.length };
}
