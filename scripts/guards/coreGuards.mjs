// @ts-check

/** @typedef {import('./guards.mjs').Guard} Guard */

const lifecycle = 'test/unit/core/lifecycle.test.ts';
const registry = 'test/unit/core/registry.test.ts';
const restarts = 'test/unit/core/autoRestart.test.ts';
const races = 'test/unit/core/races.test.ts';
const interleavings = 'test/unit/core/interleavings.test.ts';
const agents = 'test/unit/core/agents/agentTools.test.ts';
const explored = { [interleavings]: ['the interleavings keep every promise of registry and lifecycle'] };

/** What the code does against races; without any one of these, tests must fail, or nothing proves that it is needed.
 * @type {Guard[]} */
export const coreGuards = [
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
    name: 'the look at whose a server is when it is about to end',
    edits: [
      {
        file: 'src/core/lifecycle.ts',
        from: 'if (!mayEnd(record.state)) throw notAllowedError(record.definition);',
        to: '',
      },
    ],
    tests: {
      [agents]: [
        'an agent that ends a server asks again when the user has started it anew while the question was open',
        'an agent that ends a server does not end what the user starts in the moment before',
      ],
    },
  },
  {
    name: 'the look at whether anybody still waits for an answer of the user',
    edits: [{ file: 'src/core/agents/ownership.ts', from: 'throwIfCancelled(signal);', to: '' }],
    tests: {
      [agents]: [
        'an agent that ends a server does nothing any more when it is cancelled before the user answers',
      ],
    },
  },
  {
    name: 'the look at trust before an agent does anything',
    edits: [{ file: 'src/core/agents/agentTools.ts', from: 'if (!gate.isTrusted()) {', to: 'if (false) {' }],
    tests: {
      [agents]: ['whatever an agent calls is refused while not isTrusted, and executes nothing'],
    },
  },
  {
    name: 'the fence around output that an agent reads',
    edits: [
      {
        file: 'src/core/agents/agentText.ts',
        from: 'Math.max(2, ...runs.map(({ length }) => length)) + 1',
        to: '3',
      },
    ],
    tests: {
      [agents]: [
        'an agent that starts a server is told why it crashed, with the last lines as untrusted output',
      ],
    },
  },
];
