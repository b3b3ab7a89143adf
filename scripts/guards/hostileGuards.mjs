// @ts-check

/** @typedef {import('./guards.mjs').Guard} Guard */

const pages = 'test/host/staticServer/pages.test.ts';
const frozenHost = 'test/host/process/frozenHost.test.ts';

/** Guards against hostile files and requests, and against processes that do not respond.
 * @type {Guard[]} */
export const hostileGuards = [
  {
    name: 'the check of a file of the static server after it was opened',
    edits: [
      {
        file: 'src/staticServer/openInside.ts',
        from: 'return opened.isFile() && isSame && isServed(root, now)',
        to: 'return opened.isFile()',
      },
    ],
    tests: {
      [pages]: [
        'pages of a folder serves nothing else while another process replaces a folder by a link again and again',
      ],
    },
  },
  {
    name: 'the close of a file of the static server whose download was aborted',
    edits: [{ file: 'src/staticServer/pages.ts', from: 'await page.file.close();', to: '' }],
    tests: {
      [pages]: ['pages of a folder closes each file when its download ends, is aborted, or never begins'],
    },
  },
  {
    name: 'the time limit of patterns with alternatives',
    edits: [{ file: 'src/host/system/boundedPattern.ts', from: '/[*+?{|]/', to: '/[*+?{]/' }],
    tests: {
      'test/unit/host/system/boundedPattern.test.ts': [
        `a pattern of the user is given up when it takes too long: ^${'(a|a)'.repeat(7)}(a|a`,
      ],
    },
  },
  {
    name: 'the bound of a file by what was read',
    edits: [
      {
        file: 'src/host/system/readTextFile.ts',
        from: "if (bytes > maxBytes) return { kind: 'tooLarge' };",
        to: "if (bytes > 100 * maxBytes) return { kind: 'text', text: '' };",
      },
    ],
    tests: {
      'test/unit/host/system/readTextFile.test.ts': [
        'a text file of /proc is bounded by what is read, as it has no size',
      ],
    },
  },
  {
    name: 'the kill of a process host that does not respond and whose window is gone',
    edits: [
      {
        file: 'src/host/ledger/closingHosts.ts',
        from: 'if (!window || (await isAlive(window, platform))) return false;',
        to: 'if (window) return false;',
      },
    ],
    tests: {
      [frozenHost]: [
        'the next window ends a process host that does not respond, and its servers, but none of a window that lives',
      ],
    },
  },
  {
    name: 'the check that the group is gone when no scan finds a process',
    edits: [{ file: 'src/host/processTree/hiddenGroup.ts', from: 'platform.killGroup(root);', to: '' }],
    tests: {
      'test/host/process/relay.test.ts': [
        'a relay of processes that each live for a moment is ended with the server that has ended by itself: 3 ms',
      ],
    },
  },
  {
    name: 'the check before a start that processes and threads are left',
    edits: [
      {
        file: 'src/host/launch/rootProcess.ts',
        from: 'if (free === undefined || free >= minFreeTasks) return;',
        to: 'if (minFreeTasks > 0) return;',
      },
    ],
    tests: {
      'test/host/process/taskLimit.test.ts': [
        'at the limit of processes a start is refused, and the process host and the other servers live',
      ],
    },
  },
];
