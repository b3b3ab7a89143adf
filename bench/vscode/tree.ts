import { l10n, type Memento, type TreeItem } from 'vscode';
import { Registry } from '../../src/core/registry/registry.js';
import { timer } from '../../src/host/system/timers.js';
import { HiddenServers } from '../../src/vscode/tree/hiddenServers.js';
import { PreferredServers } from '../../src/vscode/tree/preferredServers.js';
import { ServerFilter } from '../../src/vscode/tree/serverFilter.js';
import { ServerTree, type TreeElement } from '../../src/vscode/tree/serverTree.js';
import { compared, mark } from '../harness/marks.js';
import type { PartResult } from '../harness/result.js';
import type { Setup } from '../harness/setup.js';
import { median, quantile } from '../harness/statistics.js';
import { pause } from '../harness/time.js';
import { definition } from '../harness/window.js';

const servers = 1000;
const changesPerSecond = 100;

/** Measures the tree view of many servers, one of which changes continuously. */
export async function tree(setup: Setup): Promise<PartResult> {
  const seconds = setup.isQuick ? 3 : 10;
  const log = { info: () => undefined, error: () => undefined };
  const registry = new Registry({ admission: { admit: () => Promise.resolve() }, log });
  const ids = Array.from({ length: servers }, (_, index) => `server-${index}`);
  await registry.define(
    ids.map((id, index) => ({
      ...definition(id, ['true']),
      subfolder: `packages/${Math.floor(index / 10)}`,
    })),
  );
  const drawing = timedTimers();
  const hidden = new HiddenServers(emptyMemento, registry);
  const view = new ServerTree({
    registry,
    l10n,
    timer,
    moment,
    hidden,
    preferred: new PreferredServers(emptyMemento),
    filter: new ServerFilter(),
    whenScanned: () => Promise.resolve(),
  });
  const fired: number[] = [];
  const items: number[] = [];
  view.onDidChangeTreeData((changed) => {
    const elements = elementsOf(changed);
    fired.push(elements.length);
    const start = performance.now();
    // The editor requests the items next.
    for (const element of elements) label(view.getTreeItem(element));
    items.push(performance.now() - start);
  });
  await changeRepeatedly(registry, ids[500] ?? '', seconds);
  await pause(300);
  view.dispose();
  hidden.dispose();
  const draws = drawing.end();
  const one = oneItem(view, ids[500] ?? '');
  return {
    title: `The tree of ${servers} servers, one of which changes ${changesPerSecond} times a second`,
    method: `In the extension host of a real window, for ${seconds} s. A refresh finds the changed elements, reports them, and creates the items that the editor then requests; the baseline is the creation of one item.`,
    rows: compared('ms', [
      { who: 'one item', values: one },
      { who: 'ours, a refresh', values: draws },
      { who: 'ours, items requested after it', values: items },
    ]),
    marks: [
      mark({
        what: 'max elements reported at once (server and its group)',
        ours: Math.max(...fired),
        unit: '',
        atMost: 2,
      }),
      mark({ what: 'refreshes', ours: fired.length / seconds, unit: '/s', atMost: 10.5 }),
      mark({ what: 'a refresh, median', ours: median(draws), unit: 'ms', baseline: median(one), atMost: 5 }),
      mark({ what: 'a refresh, p95', ours: quantile(draws, 0.95), unit: 'ms', atMost: 5 }),
    ],
    missing: [],
  };
}

/** Hides no server. */
const emptyMemento: Memento = {
  keys: () => [],
  get: (_key: string, fallback?: unknown) => fallback as never,
  update: () => Promise.resolve(),
};

function moment(): { now: number; tick: number } {
  return { now: Date.now(), tick: performance.now() };
}

async function changeRepeatedly(registry: Registry, id: string, seconds: number): Promise<void> {
  const process = { pid: 1, startTime: '1', bootId: 'b' };
  await registry.reserve(id, 'run');
  const run = { id: 'run', process, startedAt: 0, startedTick: 0 };
  await registry.dispatch(id, { kind: 'spawned', run });
  const start = performance.now();
  for (let change = 0; change < seconds * changesPerSecond; change += 1) {
    const url = `http://localhost:${3000 + (change % 1000)}/`;
    const endpoint = { url, listener: 'own', pid: 1, contested: false } as const;
    await registry.dispatch(id, { kind: 'ready', runId: 'run', endpoint });
    await pause(Math.max(0, start + (change * 1000) / changesPerSecond - performance.now()));
  }
}

/**
 * Measures the callbacks of timers from now on, except for the callbacks of this measurement, which only resolve a
 * promise.
 */
function timedTimers(): { end(): number[] } {
  const { setTimeout: original } = globalThis;
  const times: number[] = [];
  const replaced = (action: () => void, milliseconds?: number): NodeJS.Timeout =>
    original(() => {
      const start = performance.now();
      action();
      if (action.name !== 'resolve' && action.length === 0) times.push(performance.now() - start);
    }, milliseconds);
  globalThis.setTimeout = Object.assign(replaced, original);
  return {
    end: () => {
      globalThis.setTimeout = original;
      return times;
    },
  };
}

function elementsOf(changed: TreeElement | TreeElement[] | undefined): TreeElement[] {
  if (changed === undefined) return [];
  return Array.isArray(changed) ? changed : [changed];
}

function oneItem(view: ServerTree, id: string): number[] {
  return Array.from({ length: 100 }, () => {
    const start = performance.now();
    label(view.getTreeItem({ kind: 'server', id }));
    return performance.now() - start;
  });
}

/** Reads the label, so that the creation of the item is not optimized away. */
function label(item: TreeItem): unknown {
  return item.label;
}
