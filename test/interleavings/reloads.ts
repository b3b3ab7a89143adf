import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { ServerId } from '../../src/core/server/identity.js';
import type { RunId } from '../../src/core/server/state.js';
import { definition } from '../unit/core/support/fakes.js';
import type { HeldHost } from './heldHost.js';
import { HeldWindow } from './heldWindow.js';
import { RandomOrder } from './randomOrder.js';

const definitions = [definition('a'), definition('b'), definition('c', { dependsOn: ['a'] })];
const ids = definitions.map(({ id }) => id);

/** Maximum number of windows that are open at the same time. */
const maxWindows = 2;

/** The actions of a window. */
type WindowStep =
  | { readonly kind: 'start' | 'stop' | 'restart'; readonly id: ServerId }
  | { readonly kind: 'kill'; readonly losesMessages: boolean }
  | { readonly kind: 'leave' | 'list' | 'cleanUp' };

type Step =
  | WindowStep
  | { readonly kind: 'happen'; readonly what: 'exit' | 'listen'; readonly id: ServerId }
  | { readonly kind: 'open' }
  | { readonly kind: 'elapse' };

interface Action {
  readonly step: Step;
  /** Which of the open windows. */
  readonly window: number;
  /** Number of tasks that continue before; `undefined` for all. */
  readonly turns: number | undefined;
}

const id = fc.constantFrom(...ids);
const happening = fc.constantFrom('exit' as const, 'listen' as const);
const operation: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('start' as const), id }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('stop' as const, 'restart' as const), id }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('happen' as const), what: happening, id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('open' as const, 'list' as const) }) },
);
const end: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('kill' as const), losesMessages: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('leave' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cleanUp' as const) }) },
);
const elapse: fc.Arbitrary<Step> = fc.record({ kind: fc.constant('elapse' as const) });
const window = fc.nat(maxWindows - 1);
const soon = fc.nat(8);
const rarelySoon = fc.option(fc.nat(20), { nil: undefined, freq: 1 });

/** What happens to a window until it ends; mostly after it has come to rest, and a little before its end. */
const episode: fc.Arbitrary<readonly Action[]> = fc
  .tuple(
    fc.record({ step: operation, window, turns: rarelySoon }),
    fc.array(fc.record({ step: operation, window, turns: soon }), { maxLength: 3 }),
    fc.record({ step: end, window, turns: soon }),
    fc.array(fc.record({ step: elapse, window, turns: fc.nat(20) }), { maxLength: 1 }),
  )
  .map(([first, others, last, time]) => [first].concat(others, last, time));

/** Servers run when the first window ends. */
const begin: readonly Action[] = ids.map((each, index) => ({
  step: { kind: 'start', id: each },
  window: 0,
  turns: index === 0 ? undefined : 0,
}));
const actions: fc.Arbitrary<readonly Action[]> = fc
  .array(episode, { minLength: 1, maxLength: 3 })
  .map((episodes) => begin.concat(...episodes));

/** Windows on one workspace, at the same time or after each other, with their process hosts. */
class Windows {
  readonly #hosts: HeldHost[] = [];
  #windows: HeldWindow[] = [];
  #runs = 0;
  /** Windows that have ended or are about to. */
  readonly #leaving = new Set<HeldWindow>();
  #failure: unknown;

  constructor(private readonly order: RandomOrder) {
    this.#open();
  }

  async act({ step: action, window: number, turns }: Action): Promise<void> {
    if (turns === undefined) await this.order.rest();
    else for (let turn = 0; turn < turns; turn += 1) await this.order.turn();
    this.order.note(`── ${JSON.stringify(action)} in window ${number}`);
    this.#check();
    if (action.kind === 'open') this.#open();
    else if (action.kind === 'elapse') this.#watch(this.#elapse());
    else if (action.kind === 'happen') this.#happen(action.what, action.id);
    else this.#operate(number, action);
  }

  /** Checks what holds once nothing happens any more, and that everything can be ended. */
  async checkQuiet(): Promise<void> {
    await this.#rest();
    // Waiting starts must continue when their dependencies are ready.
    for (const server of ids) this.#happen('listen', server);
    await this.#rest();
    const open = this.#windows.filter((each) => !this.#leaving.has(each));
    for (const each of open) each.checkQuiet();
    const used = new Set(open.map(({ host }) => host));
    for (const host of this.#hosts) checkHeld(host, used.has(host));
    this.#watch(this.#elapse());
    await this.#rest();
    for (const host of this.#hosts.filter((each) => !used.has(each))) checkEnded(host);
    for (const each of open) this.#watch(each.end());
    await this.#rest();
    for (const host of this.#hosts) checkEnded(host);
  }

  #operate(number: number, action: WindowStep): void {
    const acting = this.#windows[number % Math.max(this.#windows.length, 1)];
    if (!acting) return;
    switch (action.kind) {
      case 'kill':
        return this.#end(acting, () => acting.kill(action.losesMessages));
      case 'leave':
        return this.#end(acting, () => acting.leave());
      case 'cleanUp':
        return this.#end(acting, () => acting.end());
      case 'list':
        assert.ok(acting.registry.current.servers.length <= definitions.length);
        return;
      case 'start':
        if (acting.registry.find(action.id)) acting.starts.start(action.id).catch(() => undefined);
        return;
      case 'stop':
      case 'restart':
        if (acting.registry.find(action.id)) acting.lifecycle[action.kind](action.id).catch(() => undefined);
    }
  }

  /** Ends the time of all process hosts without a window. */
  async #elapse(): Promise<void> {
    await this.order.schedule(Promise.resolve(), 'the time is over');
    for (const host of this.#hosts) host.elapse();
  }

  #happen(what: 'exit' | 'listen', server: ServerId): void {
    for (const host of this.#hosts)
      for (const { request } of host.alive) if (request.serverId === server) host[what](request.runId);
  }

  /** Ends a window, once, and opens another one when it is gone. */
  #end(ending: HeldWindow, work: () => Promise<void>): void {
    if (this.#leaving.has(ending)) return;
    this.#leaving.add(ending);
    const openNext = async (): Promise<void> => {
      await work();
      this.#windows = this.#windows.filter((each) => each !== ending);
      await this.order.schedule(Promise.resolve(), 'the next window');
      this.#open();
    };
    this.#watch(openNext());
  }

  #open(): void {
    if (this.#windows.length >= maxWindows) return;
    const { order: scheduler } = this;
    const newRunId = (): RunId => `reloads-run-${++this.#runs}`;
    const opened = new HeldWindow({ scheduler, definitions, hosts: this.#hosts, newRunId });
    this.#windows.push(opened);
    this.#watch(opened.open());
  }

  /** Checks what holds at every moment. */
  #check(): void {
    if (this.#failure !== undefined) throw this.#failure;
    for (const { windows } of this.#hosts) assert.ok(windows <= 1, 'two windows have the same servers');
  }

  #watch(work: Promise<unknown>): void {
    work.catch((error: unknown) => (this.#failure ??= error));
  }

  async #rest(): Promise<void> {
    await this.order.rest();
    this.#check();
  }
}

function checkHeld(host: HeldHost, isUsed: boolean): void {
  if (isUsed) assert.ok(!host.isTimed && host.windows === 1, 'servers end although a window has them');
  else assert.ok(host.isTimed || host.hasEnded, 'no window has the servers, and nothing ends them');
}

function checkEnded({ hasEnded, alive }: HeldHost): void {
  assert.deepEqual([hasEnded, alive], [true, []], 'servers outlive their windows and their time');
}

/** Explores random schedules of windows that are closed, killed, loaded again and opened beside each other. */
export async function exploreReloads(options: fc.Parameters<[number, readonly Action[]]>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.nat(), actions, async (seed, steps) => {
      const order = new RandomOrder(seed);
      try {
        const windows = new Windows(order);
        for (const action of steps) await windows.act(action);
        await windows.checkQuiet();
      } catch (error) {
        throw new Error(`After:\n${order.history.join('\n')}`, { cause: error });
      }
    }),
    { ...options, endOnFailure: true },
  );
}
