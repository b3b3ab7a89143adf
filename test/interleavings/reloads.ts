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

/** Most windows that are open at the same time. */
const maxWindows = 2;

type Step =
  | { readonly kind: 'start' | 'stop' | 'restart' | 'exit' | 'listen'; readonly id: ServerId }
  | { readonly kind: 'kill'; readonly losesMessages: boolean }
  | { readonly kind: 'leave' | 'open' | 'elapse' | 'list' | 'cleanUp' };

interface Action {
  readonly step: Step;
  /** Which of the open windows. */
  readonly window: number;
  /** Number of tasks that continue before. */
  readonly turns: number;
}

const id = fc.constantFrom(...ids);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('start' as const), id }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('stop' as const, 'restart' as const), id }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('exit' as const, 'listen' as const), id }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('kill' as const), losesMessages: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('leave' as const, 'elapse' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('open' as const, 'list' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cleanUp' as const) }) },
);
const window = fc.nat(maxWindows - 1);
const turns = fc.oneof(fc.nat(4), fc.nat(40));

/** Servers run when the first window ends. */
const begin: readonly Action[] = ids.map((each, index) => ({
  step: { kind: 'start', id: each },
  window: 0,
  turns: index === 0 ? 6 : 4,
}));
const actions: fc.Arbitrary<readonly Action[]> = fc
  .array(fc.record({ step, window, turns }), { minLength: 2, maxLength: 12 })
  .map((others) => [...begin, ...others]);

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
    for (let turn = 0; turn < turns; turn += 1) await this.order.turn();
    this.order.note(`── ${JSON.stringify(action)} in window ${number}`);
    this.#check();
    const acting = this.#windows[number % Math.max(this.#windows.length, 1)];
    if (action.kind === 'open') return this.#open();
    if (action.kind === 'elapse') return this.#elapseLater();
    if (action.kind === 'exit' || action.kind === 'listen') return this.#happen(action.kind, action.id);
    if (acting) this.#operate(acting, action);
  }

  /** Checks what holds once nothing happens any more, and that everything can be ended. */
  async checkQuiet(): Promise<void> {
    await this.#rest();
    // What waits must go on when what it waits for is ready.
    for (const server of ids) this.#happen('listen', server);
    await this.#rest();
    const open = this.#windows.filter((each) => !this.#leaving.has(each));
    for (const each of open) each.checkQuiet();
    const isUsed = (host: HeldHost): boolean => open.some((each) => each.host === host);
    for (const host of this.#hosts.filter((each) => !isUsed(each)))
      assert.ok(host.isTimed || host.hasEnded, 'no window has the servers, and nothing ends them');
    for (const host of this.#hosts) host.elapse();
    await this.#rest();
    for (const host of this.#hosts.filter((each) => !isUsed(each)))
      assert.deepEqual([host.hasEnded, host.alive], [true, []], 'servers outlive the time without a window');
    for (const each of open) this.#watch(each.end());
    await this.#rest();
    for (const host of this.#hosts)
      assert.deepEqual([host.hasEnded, host.alive], [true, []], 'a server outlives the last window');
  }

  #operate(acting: HeldWindow, action: Exclude<Step, { kind: 'open' | 'elapse' | 'exit' | 'listen' }>): void {
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

  #elapseLater(): void {
    const over = this.order.schedule(Promise.resolve(), 'the time is over');
    this.#watch(over.then(() => this.#hosts.forEach((host) => host.elapse())));
  }

  #happen(kind: 'exit' | 'listen', server: ServerId): void {
    for (const host of this.#hosts)
      for (const { request } of host.alive)
        if (request.serverId === server) host[kind](request.runId as RunId);
  }

  /** Ends a window, once, and opens another one when it is gone. */
  #end(ending: HeldWindow, end: () => Promise<void>): void {
    if (this.#leaving.has(ending)) return;
    this.#leaving.add(ending);
    const openNext = async (): Promise<void> => {
      await end();
      this.#windows = this.#windows.filter((each) => each !== ending);
      await this.order.schedule(Promise.resolve(), 'the next window');
      this.#open();
    };
    this.#watch(openNext());
  }

  #open(): void {
    if (this.#windows.length >= maxWindows) return;
    const { order: scheduler } = this;
    const newRunId = (): RunId => `run-${++this.#runs}`;
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
