// @ts-check

/** @typedef {import('./guards.mjs').Guard} Guard */

const logs = 'test/host/logs/logs.test.ts';
const portHolders = 'test/host/sockets/portHolders.test.ts';
const readiness = 'test/unit/core/readiness/readiness.test.ts';
const parseLine = 'test/unit/core/urlDetection/parseLine.test.ts';
const treeEndpoints = 'test/unit/host/readiness/treeEndpoints.test.ts';
const windowsConsole = 'test/unit/host/launch/windowsConsole.test.ts';
const sockets = 'test/host/sockets/socketOwners.test.ts';

/** Guards that keep the process host from showing or killing foreign listeners, and from losing logs.
 * @type {Guard[]} */
export const hostGuards = [
  {
    name: 'the deferral of sizes until the console of Windows has drawn something',
    edits: [
      {
        file: 'src/host/launch/windowsConsole.ts',
        from: '    if (!this.#isDrawn) return;\n',
        to: '',
      },
    ],
    tests: {
      [windowsConsole]: ['a console of Windows is resized after the first output, to the latest size'],
    },
  },
  {
    name: 'the wait for the exit code of a console of Windows that has ended before its program',
    edits: [
      {
        file: 'src/host/launch/windowsConsole.ts',
        from: 'while (code === undefined && performance.now() < deadline)',
        to: 'while (code === undefined && performance.now() > deadline)',
      },
    ],
    tests: {
      [windowsConsole]: ['a console of Windows that closes before its program exits waits for the exit code'],
    },
  },
  {
    name: 'the check that a process of the server owns the socket',
    edits: [
      {
        file: 'src/host/sockets/socketOwners.ts',
        from: 'if (pid !== undefined) return',
        to: 'if (pid !== undefined || listener.port > 0) return',
      },
      {
        file: 'src/host/sockets/socketOwners.ts',
        from: "{ kind: 'own', pid, ...",
        to: "{ kind: 'own', pid: pid ?? 0, ...",
      },
    ],
    tests: {
      [sockets]: [
        'the owner of a socket is foreign if the files of every process of the server are readable',
      ],
    },
  },
  {
    name: 'the start time of the root when only its tree is scanned',
    edits: [
      {
        file: 'src/host/sockets/socketOwners.ts',
        from: '!(await isAlive(root, platform))',
        to: 'false',
      },
    ],
    tests: {
      [sockets]: [
        'the owner of a socket, when the processes near the root are all that is looked at, is undetermined if a foreign process has the pid of the root now',
      ],
    },
  },
  {
    name: 'the scan of all processes when a foreign process also listens',
    edits: [
      {
        file: 'src/host/sockets/socketOwners.ts',
        from: 'owned?.length === onPort.length',
        to: 'owned.length > 0',
      },
    ],
    tests: {
      [sockets]: [
        'the owner of a socket, when the processes near the root are all that is looked at, is undetermined if a foreign process listens on the port, too',
      ],
    },
  },
  {
    name: 'a separate state for an unknown owner',
    edits: [
      {
        file: 'src/host/sockets/socketOwners.ts',
        from: "holders.isComplete ? 'foreign' : 'unknown'",
        to: "'foreign'",
      },
    ],
    tests: {
      [sockets]: [
        'the owner of a socket is unknown, not foreign, if the system hides the files of processes',
      ],
    },
  },
  {
    name: 'the difference between a claim and a mention of an address',
    edits: [
      {
        file: 'src/core/urlDetection/parseLine.ts',
        from: 'if (claimsAddress.test(before)) claimedPorts',
        to: 'claimedPorts',
      },
    ],
    tests: {
      [parseLine]: ['the announcement is a claim only where the server says that it listens there'],
    },
  },
  {
    name: 'preferring a page among the addresses of a server',
    edits: [
      {
        file: 'src/host/readiness/treeEndpoints.ts',
        from: 'isPage || this.announced.isLocal(port) ? 0 : 1',
        to: '0',
      },
    ],
    tests: {
      [treeEndpoints]: [
        'the addresses of a tree begin with a page, then what is announced, then the lower port',
        'the addresses of a tree begin with the one that is labelled as local when no page tells',
      ],
    },
  },
  {
    name: 'the range of healthy status codes',
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
    name: 'the identity check before a foreign process is killed',
    edits: [
      {
        file: 'src/host/sockets/killPortOwner.ts',
        from: 'holders.find((each) => isSameProcess(each.process, process))',
        to: 'holders.find((each) => each.process.pid === process.pid)',
      },
    ],
    tests: {
      [portHolders]: [
        'the holder of a port that is a foreign process is left alone if it is not the process that was shown',
      ],
    },
  },
  {
    name: 'refusing to kill processes that are not foreign',
    edits: [
      {
        file: 'src/host/sockets/killPortOwner.ts',
        from: "if (holder.owner.kind === 'foreign') return holder;",
        to: "if (holder.owner.kind !== 'server') return holder;",
      },
    ],
    tests: {
      [portHolders]: [
        'the holder of a port may be the extension host of another window, which is not killed',
      ],
    },
  },
  {
    name: 'stripping control sequences from logs',
    edits: [
      {
        file: 'src/host/logs/plainText.ts',
        from: 'const text = new AnsiStripper().push(segment);',
        to: 'const text = segment;',
      },
    ],
    tests: {
      [logs]: ['the log of a server shows no title, link or clipboard access from the output'],
    },
  },
  {
    name: 'the limit of a single read of a log',
    edits: [
      {
        file: 'src/host/logs/logReader.ts',
        from: 'bytes: Math.min(Math.max(Math.floor(bytes), 1), maxBytes),',
        to: 'bytes: Math.max(Math.floor(bytes), 1),',
      },
    ],
    tests: { [logs]: ['the reader of a log limits every request'] },
  },
  {
    name: 'the limit of output that waits for the disk',
    edits: [
      {
        file: 'src/host/logs/outputQueue.ts',
        from: 'if (this.#blocks.length >= this.#maxBlocks) this.#dropOldest();',
        to: '',
      },
    ],
    tests: {
      [logs]: ['the writer of a log drops the oldest output when the disk cannot keep up, and says so'],
    },
  },
  {
    name: 'the check whether the window of a log is alive',
    edits: [
      {
        file: 'src/host/logs/logWriter.ts',
        from: 'if (!(await this.deps.isAlive(file.windowId)))',
        to: 'if (file.windowId !== this.deps.windowId)',
      },
    ],
    tests: {
      [logs]: ['the writer of a log takes over the log of a closed window, and leaves those of others alone'],
    },
  },
  {
    name: 'the removal of the variables of Node from the environment of the process host',
    edits: [
      {
        file: 'src/host/client/forkHost.ts',
        from: '...withoutNodeVariables(process.env)',
        to: '...withoutNodeVariables({}), ...process.env',
      },
    ],
    tests: {
      'test/host/launch/folderEnvironment.test.ts': [
        'the variables of the editor reach them without keeping the process host from starting: NODE_OPTIONS=--no-such-option',
      ],
    },
  },
];
