// @ts-check

/** @typedef {import('./guards.mjs').Guard} Guard */

const logs = 'test/host/logs/logs.test.ts';
const portHolders = 'test/host/sockets/portHolders.test.ts';
const readiness = 'test/unit/core/readiness/readiness.test.ts';
const sockets = 'test/host/sockets/socketOwners.test.ts';

/** What the process host does so that nobody else's port is shown as a server's, and no log is lost.
 * @type {Guard[]} */
export const hostGuards = [
  {
    name: 'the ownership of a socket',
    edits: [
      {
        file: 'src/host/sockets/socketOwners.ts',
        from: 'if (pid !== undefined) return',
        to: 'if (pid !== undefined || listener.port > 0) return',
      },
      {
        file: 'src/host/sockets/socketOwners.ts',
        from: "{ kind: 'own', pid };",
        to: "{ kind: 'own', pid: pid ?? 0 };",
      },
    ],
    tests: {
      [sockets]: [
        'the owner of a socket is somebody else where every process of the server could be looked into',
      ],
    },
  },
  {
    name: 'the start time of a root whose surroundings alone are looked at',
    edits: [
      {
        file: 'src/host/sockets/socketOwners.ts',
        from: '!(await isAlive(root.process, platform))',
        to: 'false',
      },
    ],
    tests: {
      [sockets]: [
        'the owner of a socket, when the processes near the root are all that is looked at, is not told when somebody else has the pid of the root now',
      ],
    },
  },
  {
    name: 'the look at everybody when somebody else listens too',
    edits: [
      {
        file: 'src/host/sockets/socketOwners.ts',
        from: 'owned.length === onPort.length',
        to: 'owned.length > 0',
      },
    ],
    tests: {
      [sockets]: [
        'the owner of a socket, when the processes near the root are all that is looked at, is not told when somebody else listens on the port too',
      ],
    },
  },
  {
    name: 'what cannot be told as a state of its own',
    edits: [
      {
        file: 'src/host/sockets/socketOwners.ts',
        from: "holders.isComplete ? 'foreign' : 'unknown'",
        to: "'foreign'",
      },
    ],
    tests: {
      [sockets]: [
        'the owner of a socket is unknown, and nobody else, when the system does not let us look into the processes',
      ],
    },
  },
  {
    name: 'the condition that an answer is healthy',
    edits: [
      {
        file: 'src/core/readiness/endpoint.ts',
        from: 'return outcome.status >= 200 && outcome.status < 500;',
        to: 'return true;',
      },
    ],
    tests: {
      [readiness]: ['the rule of readiness counts answers from 200 to 499 and connections as healthy'],
    },
  },
  {
    name: 'the identity check before a foreign process is ended',
    edits: [
      {
        file: 'src/host/sockets/killPortOwner.ts',
        from: 'holders.find((each) => isSameProcess(each.process, process))',
        to: 'holders.find((each) => each.process.pid === process.pid)',
      },
    ],
    tests: {
      [portHolders]: [
        'who holds a port that is a stranger is left alone when it is another process than the one that was shown',
      ],
    },
  },
  {
    name: 'the refusal to end what is no stranger',
    edits: [
      {
        file: 'src/host/sockets/killPortOwner.ts',
        from: "if (holder.owner.kind === 'foreign') return holder;",
        to: "if (holder.owner.kind !== 'server') return holder;",
      },
    ],
    tests: {
      [portHolders]: ['who holds a port may be the extension host of another window, which is not ended'],
    },
  },
  {
    name: 'the stripping of control sequences from logs',
    edits: [
      {
        file: 'src/host/logs/plainText.ts',
        from: 'const text = new AnsiStripper().push(segment);',
        to: 'const text = segment;',
      },
    ],
    tests: {
      [logs]: ['the log of a server shows no title, no link and no clipboard access that the output holds'],
    },
  },
  {
    name: 'the limits of what is read of a log at once',
    edits: [
      {
        file: 'src/host/logs/logReader.ts',
        from: 'bytes: Math.min(Math.max(Math.floor(bytes), 1), maxBytes),',
        to: 'bytes: Math.max(Math.floor(bytes), 1),',
      },
    ],
    tests: { [logs]: ['the reader of a log bounds what it is asked for, whatever that is'] },
  },
  {
    name: 'the bound of what waits for the disk',
    edits: [
      {
        file: 'src/host/logs/outputQueue.ts',
        from: 'while (this.#occupied > this.maxBytes) this.#dropOldest();',
        to: '',
      },
    ],
    tests: {
      [logs]: ['the writer of a log gives up the oldest when the disk cannot keep up, and says so'],
    },
  },
  {
    name: 'the look whether the window of a log lives',
    edits: [
      {
        file: 'src/host/logs/logWriter.ts',
        from: 'if (!(await this.deps.isAlive(file.windowId)))',
        to: 'if (file.windowId !== this.deps.windowId)',
      },
    ],
    tests: {
      [logs]: [
        'the writer of a log takes over the log of a window that is gone, and leaves those of others alone',
      ],
    },
  },
];
