// @ts-check

/** @typedef {import('./guards.mjs').Guard} Guard */

const lifecycle = 'test/unit/core/lifecycle/lifecycle.test.ts';
const registry = 'test/unit/core/registry/registry.test.ts';
const restarts = 'test/unit/core/restart/restartScheduler.test.ts';
const races = 'test/unit/core/lifecycle/races.test.ts';
const starts = 'test/unit/core/dependencies/orderedStart.test.ts';
const interleavings = 'test/unit/core/lifecycle/interleavings.test.ts';
const explored = { [interleavings]: ['the interleavings keep every promise of registry and lifecycle'] };

/** Guards of the core against races.
 * @type {Guard[]} */
export const coreGuards = [
  {
    name: 'every lock',
    edits: [
      {
        file: 'src/core/registry/locks.ts',
        from: 'return this.#mutex.runExclusive(work);',
        to: 'return Promise.resolve().then(work);',
      },
    ],
    tests: {
      ...explored,
      [registry]: [
        'the registry admits no more servers than allowed when two ask at once',
        'the registry loses no change when several are made at once',
        'the registry returns a snapshot with every change that was requested before',
      ],
      [races]: [
        'in every order, concurrent start and stop',
        'in every order, list during modification',
        'in every order, cleanup race',
      ],
    },
  },
  {
    name: 'the lock of the registry',
    edits: [
      {
        file: 'src/core/registry/registry.ts',
        from: 'readonly #lock = new ExclusiveLock();',
        to: 'readonly #lock = { run: async <T>(work: () => T | Promise<T>): Promise<T> => work() };',
      },
    ],
    tests: {
      ...explored,
      [registry]: [
        'the registry admits no more servers than allowed when two ask at once',
        'the registry loses no change when several are made at once',
        'the registry returns a snapshot with every change that was requested before',
      ],
      [races]: ['in every order, list during modification', 'in every order, cleanup race'],
    },
  },
  {
    name: 'the queue of operations of a server',
    edits: [
      {
        file: 'src/core/registry/locks.ts',
        from: 'const outcome = queue.lock.run(work);',
        to: 'const outcome = work();',
      },
    ],
    tests: {
      ...explored,
      [lifecycle]: [
        'the lifecycle stops the process of a simultaneous start',
        'clean-up ends a start in progress',
      ],
      [races]: ['in every order, concurrent start and stop', 'in every order, cleanup race'],
    },
  },
  {
    name: 'joining identical operations',
    edits: [
      {
        file: 'src/core/registry/locks.ts',
        from: 'if (operation !== undefined && queue.last?.operation === operation) return queue.last.outcome;',
        to: '',
      },
    ],
    tests: {
      [lifecycle]: [
        'the lifecycle makes one process of two starts at once',
        'the lifecycle answers two stops at once with one result',
        'the lifecycle restarts with a new process, and with no operation between stop and start',
      ],
      [races]: ['in every order, concurrent start and stop', 'in every order, concurrent stops'],
    },
  },
  {
    name: 'the reservation before the spawn',
    edits: [
      {
        file: 'src/core/registry/registry.ts',
        from: "apply(draft, record, { kind: 'reserve', runId, ...(startedBy && { startedBy }) });",
        to: '',
      },
      {
        file: 'src/core/server/transitions.ts',
        from: "if (event.kind === 'reserve' || event.kind === 'queue') return reserveOrQueue(state, event);",
        to: `if (event.kind === 'reserve' || event.kind === 'queue') return reserveOrQueue(state, event);
             if (event.kind === 'spawned' && isIdle(state)) return { kind: 'starting', run: event.run };`,
      },
    ],
    tests: {
      ...explored,
      [registry]: ['the registry admits no more servers than allowed when two ask at once'],
      [lifecycle]: ['clean-up ends a start in progress'],
      [races]: ['in every order, cleanup race'],
    },
  },
  {
    name: 'refusing starts after the registry is closed',
    edits: [
      { file: 'src/core/registry/closing.ts', from: 'if (draft.closed) throw', to: 'if (false) throw' },
    ],
    tests: {
      ...explored,
      [registry]: ['the registry refuses every start once it is closed'],
      [lifecycle]: ['clean-up refuses a start that waits for a stop when it begins'],
      [races]: ['in every order, cleanup race'],
    },
  },
  {
    name: 'the check for a scheduled restart before it starts',
    edits: [
      {
        file: 'src/core/lifecycle/lifecycle.ts',
        from: "if (!plannedRestart(state)) return { kind: 'notRunning' };",
        to: '',
      },
    ],
    tests: {
      [restarts]: ['a restart that waits is cancelled by a stop at the moment at which it is due'],
    },
  },
  {
    name: 'the second check of the dependencies, under the lock',
    edits: [
      {
        file: 'src/core/registry/registry.ts',
        from: 'isReserved = !afterDependencies || missingFor(draft, id).length === 0;',
        to: 'isReserved = true;',
      },
    ],
    tests: {
      [starts]: [
        'a dependency that fails as the dependent is about to be started is noticed in the transaction that would reserve the dependent',
      ],
      [races]: ['in every order, a crash of a server as another that waits for it is about to be started'],
    },
  },
  {
    name: 'removing a stopped server from the queue',
    edits: [
      {
        file: 'src/core/lifecycle/serverStopper.ts',
        from: "if (record.state.kind === 'queued') await this.leaveQueue(id, record.state.runId);",
        to: '',
      },
    ],
    tests: {
      ...explored,
      [starts]: [
        'a stop while a server waits for a dependency ends the wait, and starts no copy later',
        'a stop while a server waits for a dependency takes precedence over a start that is resumed at the same moment',
      ],
      [races]: ['in every order, start and stop of a server that waits for another'],
    },
  },
  {
    name: 'the check that a start is still queued before it resumes',
    edits: [
      {
        file: 'src/core/lifecycle/lifecycle.ts',
        from: 'if (!isQueuedAs(state, runId)) {',
        to: 'if (!isQueuedAs(state, runId) && !isIdle(state)) {',
      },
    ],
    tests: {
      [starts]: [
        'a stop while a server waits for a dependency takes precedence over a start that is resumed at the same moment',
      ],
    },
  },
  {
    name: 'emptying the queue when the registry is closed',
    edits: [
      {
        file: 'src/core/registry/registry.ts',
        from: "if (state.kind === 'queued') apply(draft, record, { kind: 'leaveQueue', runId: state.runId });",
        to: '',
      },
    ],
    tests: {
      [starts]: [
        'a stop while a server waits for a dependency removes the queue entry, as does a removed definition or clean-up',
      ],
    },
  },
  {
    name: 'the detection of circular waits',
    edits: [{ file: 'src/core/registry/registry.ts', from: 'requireNoCycle(draft, record);', to: '' }],
    tests: {
      [starts]: [
        'a dependency cycle that arises while servers wait is named, too',
        'a dependency cycle of servers that begin to wait at the same moment is found by the registry',
      ],
    },
  },
  {
    name: 'the wait for a dependency whose port is in use',
    edits: [
      {
        file: 'src/core/dependencies/startQueue.ts',
        from: 'if (portConflictOf(state)) return false;',
        to: '',
      },
    ],
    tests: {
      [starts]: [
        'a dependency whose port is in use is waited for while it lives, since it may move to another port',
      ],
    },
  },
  {
    name: 'the wait for a dependency that is restarted',
    edits: [
      {
        file: 'src/core/dependencies/startQueue.ts',
        from: 'return restart === undefined;',
        to: 'return true;',
      },
    ],
    tests: {
      [starts]: [
        'a dependency whose port is in use is waited for while it is stopped and started again with another port',
      ],
    },
  },
];
