// @ts-check

/** @typedef {import('./guards.mjs').Guard} Guard */

const frozenHost = 'test/host/process/frozenHost.test.ts';

/**
 * Guards against hostile files, and against processes that do not respond.
 * @type {Guard[]}
 */
export const hostileGuards = [
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
    name: 'one read at a time for the same path',
    edits: [
      {
        file: 'src/host/system/boundedReads.ts',
        from: ' && !this.#running.includes(path)',
        to: '',
      },
    ],
    tests: {
      'test/unit/host/system/boundedReads.test.ts': [
        'the reads of files of a silent folder take one thread, and are refused until it answers',
      ],
    },
  },
  {
    name: 'reserving the last thread for probed paths',
    edits: [
      {
        file: 'src/host/system/boundedReads.ts',
        from: '(isProbed ? 1 : 0)',
        to: '1',
      },
    ],
    tests: {
      'test/unit/host/system/boundedReads.test.ts': [
        'the reads of files of other folders continue one by one, after a probe, while only one thread is left',
      ],
    },
  },
  {
    name: 'remembering paths that do not answer',
    edits: [
      {
        file: 'src/host/system/boundedReads.ts',
        from: '...this.#silentUntil.keys()',
        to: '',
      },
    ],
    tests: {
      'test/unit/host/system/boundedReads.test.ts': [
        'the reads of files of other folders continue one by one, after a probe, while only one thread is left',
      ],
    },
  },
  {
    name: 'refusing reads inside a folder that does not answer',
    edits: [
      {
        file: 'src/host/system/boundedReads.ts',
        from: 'isInside(silent, path)',
        to: "silent === '..'",
      },
    ],
    tests: {
      'test/unit/host/system/boundedReads.test.ts': [
        'the reads of files of a silent folder take one thread, and are refused until it answers',
      ],
    },
  },
  {
    name: 'limiting a file by the bytes that were read',
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
    name: 'killing a process host that does not respond after its window is gone',
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
    name: 'checking that a sentence is about the server before a complaint may refer to its port',
    edits: [
      {
        file: 'src/core/urlDetection/parseLine.ts',
        from: 'if (isAboutItself.test(before)) ownPorts',
        to: 'ownPorts',
      },
    ],
    tests: {
      'test/unit/core/urlDetection/parseLine.test.ts': [
        'the announcement is about the server itself only without the name of another one',
      ],
    },
  },
  {
    name: 'the time limit of requests to a process host that answers signs of life',
    edits: [
      {
        file: 'src/host/client/pendingRequests.ts',
        from: 'if (pending.leftMs > 0) continue;',
        to: 'if (pending.leftMs > Number.NEGATIVE_INFINITY) continue;',
      },
    ],
    tests: {
      'test/unit/host/client/pendingRequests.test.ts': [
        'a request to the process host recognizes a late answer, but not a sign of life',
      ],
    },
  },
  {
    name: 'refusing a found command with a NUL character',
    edits: [
      {
        file: 'src/discovery/scan/foundDefinitions.ts',
        from: "word.includes('\\0')",
        to: "word.includes('\\0\\0')",
      },
    ],
    tests: {
      'test/unit/discovery/parsers/hostileTexts.test.ts': [
        'a hostile file with a NUL character in a command is a problem, since no program takes it',
      ],
    },
  },
  {
    name: 'linear time for the settings file of Flask',
    edits: [
      {
        file: 'src/discovery/parsers/python/flask.ts',
        from: '/^[ \\t]*(?:export[ \\t]+)?',
        to: '/^\\s*(?:export\\s+)?',
      },
    ],
    tests: {
      'test/unit/discovery/parsers/hostileTexts.test.ts': [
        'a hostile file of whitespace is parsed in linear time: .flaskenv',
      ],
    },
  },
  {
    name: 'the control characters that terminals ignore in a report of a shell',
    edits: [
      {
        file: 'src/vscode/terminals/shellReports.ts',
        from: "content.replaceAll(ignored, '')",
        to: 'content',
      },
    ],
    tests: {
      'test/unit/vscode/terminals/shellReports.test.ts': [
        'output of a server that imitates a shell is not shown: control characters in the number, wherever it is cut',
      ],
    },
  },
];
