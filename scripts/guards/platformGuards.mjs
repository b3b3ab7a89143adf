// @ts-check

/** @typedef {import('./guards.mjs').Guard} Guard */

const executable = 'test/unit/host/system/windowsPaths.test.ts';
const platform = 'test/host/platform/platform.test.ts';
const orphans = 'test/host/ledger/orphans.test.ts';
const seenMembers = 'test/unit/host/system/seenMembers.test.ts';

/** Guards of the code for Windows and macOS, whose tests run on every system.
 * @type {Guard[]} */
export const platformGuards = [
  {
    name: 'the wait for the pid of a program on Windows',
    edits: [
      { file: 'src/host/launch/windowsConsole.ts', from: 'if (pty.pid > 0) {', to: 'if (pty.pid >= 0) {' },
    ],
    tests: {
      'test/unit/host/launch/windowsConsole.test.ts': [
        'a console of Windows whose program could not be created reports the error of Windows',
      ],
    },
  },
  {
    name: 'more time for several programs at once on Windows',
    edits: [
      {
        file: 'src/host/launch/windowsConsole.ts',
        from: "callAgent(pty, '_clearConnectionTimeout');",
        to: '',
      },
    ],
    tests: {
      'test/unit/host/launch/windowsConsole.test.ts': [
        'a console of Windows has a longer time to connect than node-pty allows, and is closed after it',
      ],
    },
  },
  {
    name: 'the check that a parent on Windows started before its child',
    edits: [
      {
        file: 'src/host/platform/windows.ts',
        from: 'parentStart > BigInt(entry.startTime);',
        to: 'parentStart < 0n;',
      },
    ],
    tests: {
      [platform]: [
        'processes on Windows have no parent that started after them, since another process has its pid now',
      ],
    },
  },
  {
    name: 'the consoles of Windows that are in use',
    edits: [
      {
        file: 'src/host/platform/windows.ts',
        from: 'isOfTerminal && !isUsed;',
        to: 'isOfTerminal;',
      },
    ],
    tests: {
      [platform]: ['the consoles of Windows that are in use, foreign or not terminals are not ended'],
    },
  },
  {
    name: 'sockets on Windows in other languages',
    edits: [
      {
        file: 'src/host/platform/windows.ts',
        from: "!peer.endsWith(':0')",
        to: "!line.includes('LISTENING')",
      },
    ],
    tests: {
      'test/host/platform/listeners.test.ts': ['sockets that listen are read on Windows in any language'],
    },
  },
  {
    name: 'quoting arguments for Windows programs',
    edits: [
      {
        file: 'src/host/platform/windowsCommand.ts',
        from: "args.map(quoteForProgram).join(' ')",
        to: "args.join(' ')",
      },
    ],
    tests: {
      [platform]: [
        'a command that is an executable runs on Windows without cmd.exe, with any arguments',
        'a command is interpreted by the shell that the user named, with its arguments',
      ],
    },
  },
  {
    name: 'refusing arguments that cmd.exe would interpret',
    edits: [
      {
        file: 'src/host/platform/windowsCommand.ts',
        from: 'if (unsafe !== undefined) {',
        to: "if (unsafe === '') {",
      },
    ],
    tests: {
      [platform]: ['a command is refused on Windows if cmd.exe would interpret an argument'],
    },
  },
  {
    name: 'refusing network folders that cmd.exe would leave',
    edits: [
      {
        file: 'src/host/platform/windowsCommand.ts',
        from: "if (isNetworkFolder.test(cwd) && shellName(line.file) === 'cmd') {",
        to: "if (cwd === '') {",
      },
    ],
    tests: {
      [platform]: ['a command is refused on Windows in a network folder, which cmd.exe would leave'],
    },
  },
  {
    name: 'the quotation marks in the search path of Windows',
    edits: [
      {
        file: 'src/host/launch/environment.ts',
        from: '(isWindows ? windowsFolders(value) : value.split(delimiter))',
        to: "(isWindows ? value.split(';') : value.split(delimiter))",
      },
    ],
    tests: {
      [executable]: [
        'the search for programs on Windows reads folders in quotation marks, whatever they hold',
      ],
    },
  },
  {
    name: 'the aliases that only open the Store of Windows',
    edits: [
      {
        file: 'src/host/launch/executable.ts',
        from: 'return target !== undefined && !storeInstaller.test(target);',
        to: 'return target !== undefined;',
      },
    ],
    tests: {
      [executable]: [
        'the search for programs on Windows takes an alias of the Store for a program, unless it only opens the Store',
      ],
    },
  },
  {
    name: 'repeated renames on Windows',
    edits: [
      {
        file: 'src/host/system/replaceFile.ts',
        from: 'if (!isWindows || !isBusy(error) || attempt === maxRenameAttempts) throw error;',
        to: 'if (attempt > 0) throw error;',
      },
    ],
    tests: {
      'test/unit/host/system/replaceFile.test.ts': [
        'the rename of a file is tried again on Windows while another process has it open',
      ],
    },
  },
  {
    name: 'descendants whose parents have exited',
    edits: [
      {
        file: 'src/host/system/seenMembers.ts',
        from: '|| (parent !== undefined && !isEarlier(entry, parent));',
        to: '|| parent === entry;',
      },
    ],
    tests: {
      [seenMembers]: [
        'a tree whose processes carry no marker adds the children of an exited process in the first scan without it',
      ],
    },
  },
  {
    name: 'short socket paths',
    edits: [
      {
        file: 'src/host/system/localSocket.ts',
        from: 'mkdtemp(join(parent ?? tmpdir(), temporaryPrefix))',
        to: 'mkdtemp(join(tmpdir(), temporaryPrefix))',
      },
    ],
    tests: {
      'test/unit/host/system/localSocket.test.ts': [
        'a local socket listens where the paths of the record and of temporary files are too long',
      ],
    },
  },
  {
    name: 'leaving the mode of the node-pty helper if it is correct',
    edits: [
      {
        file: 'src/host/launch/spawnHelper.ts',
        from: 'if (!existsSync(helper) || isExecutable(helper)) return;',
        to: 'if (!existsSync(helper)) return;',
      },
    ],
    tests: {
      'test/host/launch/spawnHelper.test.ts': [
        'the helper of node-pty on macOS is made executable if an unpacker lost that permission, and is otherwise unchanged',
      ],
    },
  },
  {
    name: 'reading the rest of the output after an exit',
    edits: [{ file: 'src/host/launch/pty.ts', from: 'returnUnreadOutput(pty, onData);', to: '' }],
    tests: {
      'test/host/output/unreadOutput.test.ts': [
        'The output of a process that has exited is read to its end by a busy process host',
        'The output of a process that has exited is read to its end though the terminal is paused',
      ],
    },
  },
  {
    name: 'recording members that hide their environment',
    edits: [
      {
        file: 'src/host/ledger/recordedRoot.ts',
        from: 'const seen = members && { seen: new SeenMembers([process, ...members]) };',
        to: 'const seen = members && { seen: new SeenMembers([process]) };',
      },
    ],
    tests: {
      [orphans]: [
        'orphans of a window include members on record that hide their environment and have left the tree',
      ],
    },
  },
  {
    name: 'naming the run in the command line of a session leader',
    edits: [{ file: 'src/host/platform/darwinPs.ts', from: ' ?? leaderCommand.exec(text)?.[1]', to: '' }],
    tests: {
      [platform]: ['processes on macOS are those of a run where its session leader hides its environment'],
    },
  },
];
