// @ts-check
/** @typedef {import('./guards.mjs').Guard} Guard */

const identity = 'test/host/processTree/identity.test.ts';
const orphans = 'test/host/ledger/orphans.test.ts';
const processTree = 'test/unit/host/system/processes.test.ts';
const terminateTree = 'test/host/processTree/terminate.test.ts';

/** Guards that keep the process host from signaling foreign processes, and from missing processes of a tree.
 * @type {Guard[]} */
export const treeGuards = [
  {
    name: 'keeping the record of processes that could not be listed',
    edits: [
      {
        file: 'src/host/ledger/orphans.ts',
        from: 'const entries = await table.get();',
        to: 'const entries = await table.get().catch(() => []);',
      },
    ],
    tests: {
      [orphans]: [
        'orphans of a window stay on record if the processes cannot be listed, since they may be alive',
      ],
    },
  },
  {
    name: 'SIGKILL before a tree is reported as alive',
    edits: [
      {
        file: 'src/host/processTree/scanRounds.ts',
        from: 'const minKillScans = 3;',
        to: 'const minKillScans = 0;',
      },
    ],
    tests: {
      [identity]: [
        'a tree whose processes take seconds to list is killed, and reported as alive only if that failed',
      ],
    },
  },
  {
    name: 'the difference between a hidden environment and one without marker',
    edits: [
      {
        file: 'src/host/platform/darwinPs.ts',
        from: "if (environment.trim() === '') return undefined;",
        to: "if (environment.trim() === '') return '';",
      },
    ],
    tests: {
      'test/host/platform/platform.test.ts': [
        'processes on macOS have an unknown marker if the system hides the environment, regardless of the arguments',
      ],
    },
  },
  {
    name: 'the identity check right before a signal',
    edits: [
      {
        file: 'src/host/platform/linux.ts',
        from: 'return readStat(pid)?.startTime === startTime;',
        to: 'return pid > 0 || startTime !== "";',
      },
    ],
    tests: {
      [identity]: [
        'a pid that the system has given to another process is checked by the platform itself right before a signal',
      ],
    },
  },
  {
    name: 'the start time of the root of a tree',
    edits: [
      {
        file: 'src/host/system/processes.ts',
        from: 'if (entry.pid !== process?.pid || entry.startTime !== process.startTime) return false;',
        to: 'if (entry.pid !== process?.pid) return false;',
      },
    ],
    tests: {
      [processTree]: [
        'the members of a process tree do not include a foreign process that has the pid now, even if environments cannot be read',
      ],
    },
  },
  {
    name: 'the marker as a third factor of identity',
    edits: [
      {
        file: 'src/host/system/processes.ts',
        from: 'return isChild || entry.marker === undefined || isMarkerOf(entry.marker, name);',
        to: 'return true;',
      },
    ],
    tests: {
      [processTree]: [
        'the members of a process tree do not include a foreign process that has the pid and, by chance, the start time',
      ],
    },
  },
  {
    name: 'the second scan for processes that fork while they exit',
    edits: [
      {
        file: 'src/host/processTree/scanRounds.ts',
        from: '(platform.hasParentsOnly ? 1 : 2)',
        to: '1',
      },
    ],
    tests: { [identity]: ['a tree of which one scan misses a process is not reported as dead'] },
  },
  {
    name: 'the pause between the two scans',
    edits: [
      {
        file: 'src/host/processTree/terminate.ts',
        from: 'await rounds.pause(members);',
        to: 'if (!rounds.isEmpty) await rounds.pause(members);',
      },
    ],
    tests: {
      [terminateTree]: [
        'the stop of a tree scans again a moment after an empty scan, for a process that was just executing its program',
      ],
    },
  },
  {
    name: 'the second search for runs that are not on record',
    edits: [{ file: 'src/host/ledger/orphans.ts', from: 'next = await unrecorded();', to: 'next = [];' }],
    tests: {
      'test/host/ledger/orphans.test.ts': [
        'orphans of a window are terminated by the marker of their run if they had not executed their program in the first scan',
      ],
    },
  },
  {
    name: "the process host's own marker on newly forked processes",
    edits: [
      {
        file: 'src/host/ledger/orphans.ts',
        from: '{ root: toRoot(hostMarker(window.windowId)) },',
        to: '',
      },
    ],
    tests: {
      'test/host/ledger/orphans.test.ts': [
        'orphans of a window are terminated by the marker of the process host if they have not executed their program yet',
      ],
    },
  },
  {
    name: 'leaving a process alone if its parent below a relay has exited',
    edits: [
      {
        file: 'src/host/processTree/askedByParent.ts',
        from: '(active.length > 0 && this.#relayed.has(key))',
        to: 'below.has(entry.pid)',
      },
    ],
    tests: {
      'test/unit/host/processTree/askedByParent.test.ts': [
        'a process that gets the signal from its parent stays one when its own parent has exited, until all relays have',
      ],
    },
  },
  {
    name: 'leaving a process alone below a program that exits at once',
    edits: [
      {
        file: 'src/host/processTree/askedByParent.ts',
        from: 'hasTime && this.#belowHasty.has(key)',
        to: 'false',
      },
    ],
    tests: {
      'test/unit/host/processTree/askedByParent.test.ts': [
        'a process that gets the signal from its parent is left alone below a hasty relay while there is time',
      ],
    },
  },
  {
    name: 'asking what runs in the terminals of a program before the program',
    edits: [
      {
        file: 'src/host/processTree/askedByParent.ts',
        from: 'hasTerminal === true && !askerPids.has(parent)',
        to: 'hasTerminal === true && askerPids.size > members.length',
      },
    ],
    tests: {
      'test/unit/host/processTree/askedByParent.test.ts': [
        'a process that gets the signal from its parent is left alone above a terminal that its end would close, unless it asks the tasks there itself',
      ],
    },
  },
  {
    name: 'telling an exit status from a signal',
    edits: [
      { file: 'src/host/launch/sessionLeaderScript.ts', from: "return cause !== 'exit' && ", to: 'return ' },
    ],
    tests: {
      'test/unit/host/launch/sessionLeaderScript.test.ts': [
        'the report of a session leader is understood: w-1 ended 143 exit',
      ],
    },
  },
  {
    name: 'carrying variables that the script of a session leader sets',
    edits: [
      { file: 'src/host/launch/sessionLeaderScript.ts', from: '    setByLeader.test(name) ||\n', to: '' },
    ],
    tests: {
      'test/unit/host/launch/sessionLeaderScript.test.ts': [
        'the environment of a session leader carries the variable shell, which the script of the leader sets',
      ],
    },
  },
  {
    name: 'skipping processes that got the signal with their group',
    edits: [{ file: 'src/host/processTree/terminate.ts', from: ' && !gotSignal(entry)', to: '' }],
    tests: {
      [terminateTree]: ['the stop of a tree sends no second signal to a process that got it with its group'],
    },
  },
  {
    name: 'skipping young processes that were listed before their group got the signal',
    edits: [{ file: 'src/host/processTree/askTree.ts', from: 'earlier.has(processKey(entry)) ||', to: '' }],
    tests: {
      [terminateTree]: [
        'the stop of a tree sends no second signal if the start time is too coarse to show that a process is older than the signal',
      ],
    },
  },
  {
    name: 'running the queries of a table one at a time',
    edits: [
      {
        file: 'src/host/system/sharedQuery.ts',
        from: 'await this.#running;',
        to: 'await Promise.resolve();',
      },
    ],
    tests: {
      'test/unit/host/system/sharedQuery.test.ts': [
        'a table with many callers is queried by one at a time; calls meanwhile share the next query',
      ],
    },
  },
];
