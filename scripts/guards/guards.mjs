// @ts-check

/**
 * @typedef {object} Edit
 * @property {string} file
 * @property {string} from stands exactly once in the file
 * @property {string} to
 */

/**
 * @typedef {object} Guard
 * @property {string} name what is taken away
 * @property {Edit[]} edits how it is taken away
 * @property {Record<string, string[]>} tests full titles by test file; every one of them must fail without the guard
 */

const lifecycle = 'test/unit/core/lifecycle.test.ts';
const registry = 'test/unit/core/registry.test.ts';
const restarts = 'test/unit/core/autoRestart.test.ts';
const races = 'test/unit/core/races.test.ts';
const interleavings = 'test/unit/core/interleavings.test.ts';
const identity = 'test/host/identity.test.ts';
const processTree = 'test/host/processTree.test.ts';
const explored = { [interleavings]: ['the interleavings keep every promise of registry and lifecycle'] };

/** What the code does against races; without any one of these, tests must fail, or nothing proves that it is needed.
 * @type {Guard[]} */
export const guards = [
  {
    name: 'every lock',
    edits: [
      {
        file: 'src/core/locks.ts',
        from: 'return this.#mutex.runExclusive(work);',
        to: 'return Promise.resolve().then(work);',
      },
    ],
    tests: {
      ...explored,
      [registry]: [
        'the registry admits no more servers than allowed when two ask at once',
        'the registry loses no change when several are made at once',
        'the registry answers a list with everything asked for before it',
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
        file: 'src/core/registry.ts',
        from: 'readonly #lock = new ExclusiveLock();',
        to: 'readonly #lock = { run: async <T>(work: () => T | Promise<T>): Promise<T> => work() };',
      },
    ],
    tests: {
      ...explored,
      [registry]: [
        'the registry admits no more servers than allowed when two ask at once',
        'the registry loses no change when several are made at once',
        'the registry answers a list with everything asked for before it',
      ],
      [races]: ['in every order, list during modification', 'in every order, cleanup race'],
    },
  },
  {
    name: 'the lane of a server',
    edits: [
      {
        file: 'src/core/locks.ts',
        from: 'const outcome = lane.lock.run(work);',
        to: 'const outcome = work();',
      },
    ],
    tests: {
      ...explored,
      [lifecycle]: [
        'the lifecycle stops what a start at the same moment begins',
        'clean-up ends a start that is under way',
      ],
      [races]: ['in every order, concurrent start and stop', 'in every order, cleanup race'],
    },
  },
  {
    name: 'the joining of equal operations',
    edits: [
      {
        file: 'src/core/locks.ts',
        from: 'if (operation !== undefined && lane.last?.operation === operation) return lane.last.outcome;',
        to: '',
      },
    ],
    tests: {
      [lifecycle]: [
        'the lifecycle makes one process of two starts at once',
        'the lifecycle answers two stops at once with one result',
        'the lifecycle restarts with another process, and with nothing between stop and start',
      ],
      [races]: ['in every order, concurrent start and stop', 'in every order, concurrent stops'],
    },
  },
  {
    name: 'the reservation before the spawn',
    edits: [
      {
        file: 'src/core/registry.ts',
        from: "apply(draft, record, { kind: 'reserve', runId });",
        to: '',
      },
      {
        file: 'src/core/transitions.ts',
        from: "if (event.kind === 'reserve') return reserve(state, event.runId);",
        to: `if (event.kind === 'reserve') return reserve(state, event.runId);
             if (event.kind === 'spawned' && isIdle(state)) return { kind: 'starting', run: event.run };`,
      },
    ],
    tests: {
      ...explored,
      [registry]: ['the registry admits no more servers than allowed when two ask at once'],
      [lifecycle]: ['clean-up ends a start that is under way'],
      [races]: ['in every order, cleanup race'],
    },
  },
  {
    name: 'the closing of the registry',
    edits: [{ file: 'src/core/registry.ts', from: 'if (draft.closed) {', to: 'if (false) {' }],
    tests: {
      ...explored,
      [registry]: ['the registry refuses every start once it is closed'],
      [lifecycle]: ['clean-up refuses a start that waits for a stop when it begins'],
      [races]: ['in every order, cleanup race'],
    },
  },
  {
    name: 'the look for the plan before a restart',
    edits: [
      {
        file: 'src/core/lifecycle.ts',
        from: "if (!plannedRestart(this.#stateOf(id))) return { kind: 'notRunning' };",
        to: '',
      },
    ],
    tests: {
      [restarts]: ['a restart that waits is cancelled by a stop at the moment at which it is due'],
    },
  },
  {
    name: 'the identity check right before a signal',
    edits: [
      {
        file: 'src/host/platform/linux.ts',
        from: '(entry) => readStat(entry.pid)?.startTime === entry.startTime',
        to: '() => true',
      },
    ],
    tests: {
      [identity]: [
        'a pid that the system has given to somebody else is checked by the platform itself right before a signal',
      ],
    },
  },
  {
    name: 'the start time of the root',
    edits: [
      {
        file: 'src/host/processTree.ts',
        from: 'if (entry.pid !== process?.pid || entry.startTime !== process.startTime) return false;',
        to: 'if (entry.pid !== process?.pid) return false;',
      },
    ],
    tests: {
      [processTree]: [
        'the members of a process tree do not include a stranger who has the pid now, even where environments cannot be read',
      ],
    },
  },
  {
    name: 'the marker as third factor',
    edits: [
      {
        file: 'src/host/processTree.ts',
        from: 'return entry.parent === parent || entry.marker === undefined || isNamedBy(entry.marker, name);',
        to: 'return true;',
      },
    ],
    tests: {
      [processTree]: [
        'the members of a process tree do not include a stranger who has the pid and by chance the start time',
      ],
    },
  },
  {
    name: 'the second look for what forks while it dies',
    edits: [{ file: 'src/host/stopTree.ts', from: 'const emptyLooks = 2;', to: 'const emptyLooks = 1;' }],
    tests: { [identity]: ['a tree of which one look misses a process is not called dead'] },
  },
];
