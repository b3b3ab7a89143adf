// @ts-check

/** @typedef {import('./guards.mjs').Guard} Guard */

const sharedFolder = 'test/host/mcp/sharedFolder.test.ts';

/**
 * Guards against other users of the machine, and against processes that hide.
 * @type {Guard[]}
 */
export const otherUserGuards = [
  {
    name: 'reporting the port of a process that has left the tree of its server',
    edits: [
      {
        file: 'src/host/process/escapedPorts.ts',
        from: '!isOnRecord(owner) && since',
        to: 'false && since',
      },
    ],
    tests: {
      'test/unit/host/process/escapedPorts.test.ts': [
        'a port that a run seems to have left in use is that of a process which is younger than the root of the run',
      ],
    },
  },
  {
    name: 'reporting the port of such a process that takes the name or the marker of another program',
    edits: [
      {
        file: 'src/host/process/escapedPorts.ts',
        from: '!isOnRecord(owner) && since',
        to: "owner.kind === 'foreign' && since",
      },
    ],
    tests: {
      'test/unit/host/process/escapedPorts.test.ts': [
        'a port that a run seems to have left in use is that of a process with the name of an editor or a container engine, or the marker of another window',
      ],
    },
  },
  {
    name: 'ending the processes that moved to the group of the session leader',
    edits: [
      {
        file: 'src/host/processTree/leaderEnd.ts',
        from: 'await killLeaderGroup(root, leader, platform);',
        to: '',
      },
    ],
    tests: {
      'test/unit/host/processTree/leaderEnd.test.ts': [
        'the end of a session leader takes the whole group of the leader along',
      ],
    },
  },
  {
    name: 'closing an existing folder of records, logs or programs to other users',
    edits: [
      {
        file: 'src/host/system/privateFolder.ts',
        from: 'if ((mode & ofOthers) !== 0) await chmod(folder, mode & 0o700);',
        to: '',
      },
    ],
    tests: {
      [sharedFolder]: [
        'a folder that other users can write is closed to them when records of windows are written to it',
        'a folder that other users can write is closed to them when the ledger is written to it',
        'a folder that other users can write is closed to them when logs are written to it',
      ],
    },
  },
  {
    name: 'refusing such a folder of another user',
    edits: [
      {
        file: 'src/host/system/privateFolder.ts',
        from: '} else if (process.getuid?.() !== 0) throw',
        to: '} else if (process.getuid?.() === -1) throw',
      },
    ],
    tests: {
      [sharedFolder]: ['a folder that other users can write is not used if it belongs to another user'],
    },
  },
  {
    name: 'ignoring the records of other users',
    edits: [
      {
        file: 'src/host/system/privateFolder.ts',
        from: 'return !hasModes || uid === process.getuid?.();',
        to: 'return !hasModes || uid >= 0;',
      },
    ],
    tests: {
      [sharedFolder]: ['a folder that other users can write is not searched for records of other users'],
    },
  },
  {
    name: 'the check that nobody can exchange the folder of a socket',
    edits: [
      {
        file: 'src/host/system/localSocket.ts',
        from: 'const open = openFolderAbove(realpathSync(dirname(socket)));',
        to: 'const open = undefined as string | undefined;',
      },
    ],
    tests: {
      [sharedFolder]: [
        'a folder that other users can write above the folder of a socket is noticed, since they could exchange that folder',
      ],
    },
  },
  {
    name: 'switching agents off for an invalid value',
    edits: [
      {
        file: 'src/vscode/agents/agentSettings.ts',
        from: 'return value === undefined || value === true;',
        to: 'return value !== false;',
      },
    ],
    tests: {
      'test/unit/vscode/settings.test.ts': ['the settings let agents use the tools only with a valid value'],
    },
  },
];
