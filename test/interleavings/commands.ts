import * as fc from 'fast-check';
import type { Arbitrary, AsyncCommand } from 'fast-check';
import type { ServerDefinition } from '../../src/core/server/definition.js';
import type { ExitStatus } from '../../src/core/server/state.js';
import type { OperationKind } from './operations.js';
import type { Faults } from './processHost.js';
import type { World } from './world.js';
import type { ServerId } from '../../src/core/server/identity.js';

const serverIds: readonly ServerId[] = ['a', 'b', 'c', 'd', 'e'];

/** An action at a chosen moment, which does not wait for its result. */
class Step implements AsyncCommand<object, World> {
  constructor(
    private readonly name: string,
    private readonly act: (world: World) => void,
    /** Delay in turns of the promise queue, since a listener may act in the middle of a change. */
    private readonly turns: number,
  ) {}

  check(): boolean {
    return true;
  }

  run(_: object, world: World): Promise<void> {
    world.check();
    void this.#later(world);
    return Promise.resolve();
  }

  toString(): string {
    return this.turns === 0 ? this.name : `${this.name} +${this.turns}`;
  }

  async #later(world: World): Promise<void> {
    for (let turn = 0; turn < this.turns; turn += 1) await Promise.resolve();
    this.act(world);
  }
}

const id = fc.constantFrom(...serverIds);
const group = fc.shuffledSubarray([...serverIds], { minLength: 2, maxLength: 4 });
const turns = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(12) });

/** Returns a variant of a server's definition. */
function variant(serverId: ServerId, number: number, dependsOn: readonly ServerId[]): ServerDefinition {
  return {
    id: serverId,
    name: serverId,
    folder: 'shop',
    subfolder: '',
    command: { kind: 'argv', file: 'npm', args: ['run', serverId, String(number)] },
    cwd: '/shop',
    env: {},
    port: undefined,
    source: 'scripts',
    dependsOn,
  };
}

/** Generates dependencies, mostly on earlier servers, so that cycles and unknown ids are rare. */
function dependencies(serverId: ServerId): Arbitrary<readonly ServerId[]> {
  const earlier = serverIds.slice(0, serverIds.indexOf(serverId));
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 6, arbitrary: fc.subarray(earlier, { maxLength: Math.min(2, earlier.length) }) },
    { weight: 1, arbitrary: fc.subarray([...serverIds, 'x'], { maxLength: 1 }) },
  );
}

export const definitions: Arbitrary<readonly ServerDefinition[]> = fc
  .tuple(fc.subarray([...serverIds], { minLength: 1 }), fc.nat(2))
  .chain(([ids, number]) =>
    fc
      .tuple(...ids.map((each) => dependencies(each)))
      .map((needs) => ids.map((each, index) => variant(each, number, needs[index] ?? []))),
  );

const exits: Arbitrary<{ readonly status: ExitStatus; readonly interrupted: boolean }> = fc.constantFrom(
  { status: { kind: 'code', code: 0 }, interrupted: false },
  { status: { kind: 'code', code: 1 }, interrupted: false },
  { status: { kind: 'signal', signal: 'SIGKILL' }, interrupted: false },
  { status: { kind: 'signal', signal: 'SIGINT' }, interrupted: true },
);

const faults: Arbitrary<Partial<Faults>> = fc.constantFrom<Partial<Faults>>(
  { spawnFails: 'spawnFailed' },
  { stopFails: true },
  { survivor: 'root' },
  { survivor: 'child' },
);

function step<T>(
  values: Arbitrary<T>,
  name: (value: T) => string,
  act: (world: World, value: T) => void,
): Arbitrary<AsyncCommand<object, World>> {
  return fc
    .tuple(values, turns)
    .map(([value, after]) => new Step(name(value), (world) => act(world, value), after));
}

function operation(kind: OperationKind): Arbitrary<AsyncCommand<object, World>> {
  return step(
    id,
    (value) => `${kind} ${value}`,
    (world, value) => world.operate(kind, value),
  );
}

/** An operation that a listener requests in the middle of the next change. */
const reaction = step(
  fc.tuple(fc.constantFrom<OperationKind>('start', 'startAlone', 'stop', 'restart'), id),
  ([kind, value]) => `${kind} ${value} at the next change`,
  (world, [kind, value]) => {
    const unsubscribe = world.registry.onDidChange(() => {
      unsubscribe();
      world.operate(kind, value);
    });
  },
);

const plain = (name: string, act: (world: World) => void): Arbitrary<AsyncCommand<object, World>> =>
  step(
    fc.constant(undefined),
    () => name,
    (world) => act(world),
  );

const common = [
  operation('start'),
  operation('start'),
  operation('startAlone'),
  operation('stop'),
  operation('restart'),
  reaction,
  plain('list', (world) => world.list()),
  plain('start all', (world) => world.startAll()),
  plain('stop all', (world) => world.stopAll()),
  plain('all listen', (world) => world.listenAll()),
  plain('all listen', (world) => world.listenAll()),
  step(
    group,
    (value) => `start ${value.join('+')}`,
    (world, value) => world.startGroup(value),
  ),
  step(
    group,
    (value) => `stop ${value.join('+')}`,
    (world, value) => world.stopGroup(value),
  ),
  step(
    id,
    (value) => `${value} is not ready`,
    (world, value) => world.failReadiness(value),
  ),
  step(
    definitions,
    (value) =>
      `define ${value.map(({ command, dependsOn }) => JSON.stringify([command, dependsOn])).join(' ')}`,
    (world, value) => world.define(value),
  ),
  step(
    fc.tuple(id, exits),
    ([value, { status, interrupted }]) => `exit ${value} ${JSON.stringify(status)} ${interrupted}`,
    (world, [value, { status, interrupted }]) => world.exit(value, status, interrupted),
  ),
  step(
    id,
    (value) => `${value} listens`,
    (world, value) => world.listen(value),
  ),
  step(
    faults,
    (value) => `next: ${JSON.stringify(value)}`,
    (world, value) => Object.assign(world.faults, value),
  ),
];

/** Generates any sequence of steps; steps that end many servers are rare, so that many steps precede them. */
export const steps = fc.commands(
  [
    ...common,
    ...common,
    plain('lose the host', (world) => world.loseHost()),
    plain('clean up', (world) => world.cleanup()),
  ],
  { maxCommands: 24, size: 'max' },
);
