// @ts-check

/** @typedef {import('./guards.mjs').Guard} Guard */

const agents = 'test/unit/core/agents/tools.test.ts';
const socket = 'test/host/mcp/agentSocket.test.ts';
const agreement = 'test/unit/core/agents/agreement.test.ts';

/** Guards that keep agents from servers and data that they may not use.
 * @type {Guard[]} */
export const agentGuards = [
  {
    name: 'the distinction of a worktree from the checkout around it',
    edits: [
      {
        file: 'src/mcp/bridge/chooseWindow.ts',
        from: 'checkout?.isLinked === true && relativeInside(',
        to: 'checkout?.isLinked === undefined && relativeInside(',
      },
    ],
    tests: {
      [socket]: [
        'the window for an agent is never one on another checkout, neither around a worktree nor as the starter',
      ],
    },
  },
  {
    name: 'the question about a definition that is new or has changed',
    edits: [
      {
        file: 'src/core/agents/agreement.ts',
        from: 'if (definitions.length === 0) return;',
        to: 'if (definitions.length >= 0) return;',
      },
    ],
    tests: {
      [agreement]: [
        'an agent that starts a listed server asks about a definition once, with its exact command',
      ],
    },
  },
  {
    name: 'reading the files before that question',
    edits: [
      {
        file: 'src/core/agents/agreement.ts',
        from: 'await deps.workspace.reread(findServer(deps.registry, id).definition);',
        to: '',
      },
    ],
    tests: {
      [agreement]: [
        'an agent that starts a listed server asks about the current content of the files, not about what was read last',
      ],
    },
  },
  {
    name: 'the check of the owner of a socket',
    edits: [{ file: 'src/mcp/bridge/windowClient.ts', from: 'requireOwnSocket(record.socket);', to: '' }],
    tests: {
      'test/host/mcp/socketOwner.test.ts': [
        'a client of a window sends its token to no socket that another user may have created',
      ],
    },
  },
  {
    name: 'the check right before a stop that the agent may stop the server',
    edits: [
      {
        file: 'src/core/lifecycle/serverStopper.ts',
        from: 'if (!canStop(record.state)) throw notAllowedError(record.definition);',
        to: '',
      },
    ],
    tests: {
      [agents]: [
        'an agent that stops a server asks again when the user has restarted the server while the question was open',
        'an agent that stops a server does not stop a run that the user started just before the stop',
      ],
    },
  },
  {
    name: 'the check for cancellation after the user has answered',
    edits: [{ file: 'src/core/agents/authorization.ts', from: 'throwIfCancelled(signal);', to: '' }],
    tests: {
      [agents]: ['an agent that stops a server does nothing when it is cancelled before the user answers'],
    },
  },
  {
    name: 'the check of workspace trust before a tool runs',
    edits: [
      { file: 'src/core/agents/tools.ts', from: 'if (!permissions.isTrusted()) {', to: 'if (false) {' },
    ],
    tests: {
      [agents]: ['whatever an agent calls is refused while not isTrusted, and executes nothing'],
    },
  },
  {
    name: 'a fence around untrusted output that is longer than any fence inside it',
    edits: [
      {
        file: 'src/core/codeFence.ts',
        from: 'Math.max(minLength, ...runs.map(({ length }) => length + 1))',
        to: 'minLength',
      },
    ],
    tests: {
      [agents]: [
        'an agent that starts a server is told why it crashed, with the last lines as untrusted output',
      ],
    },
  },
  {
    name: 'the token check of the agent socket',
    edits: [
      {
        file: 'src/mcp/bridge/agentConnection.ts',
        from: "if (!secretsEqual(token, this.deps.token)) return this.#refuse('The token is wrong.');",
        to: '',
      },
    ],
    tests: {
      [socket]: [
        'the socket for agents accepts no client without the token, and reveals nothing about the servers',
      ],
    },
  },
  {
    name: 'the file mode of the agent socket',
    edits: [
      {
        file: 'src/host/system/localSocket.ts',
        from: "if (process.platform !== 'win32') await chmod(address, 0o600);",
        to: '',
      },
    ],
    tests: { [socket]: ['the socket for agents and the token can be reached by nobody but the user'] },
  },
];
