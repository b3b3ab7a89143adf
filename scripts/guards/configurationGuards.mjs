// @ts-check

/** @typedef {import('./guards.mjs').Guard} Guard */

const shellLines = 'test/unit/core/commandLine/substitute.test.ts';
const consent = 'test/unit/core/autoStart/consent.test.ts';
const files = 'test/unit/discovery/configuration/configurationFile.test.ts';

/** Guards against configuration files from untrusted authors.
 * @type {Guard[]} */
export const configurationGuards = [
  {
    name: 'passing values to the shell in environment variables',
    edits: [
      {
        file: 'src/core/commandLine/substitute.ts',
        from: 'const safeValue = /^[\\w.:/+-]+$/u;',
        to: 'const safeValue = /^/u;',
      },
    ],
    tests: {
      [shellLines]: [
        'a value in a line for a shell reaches a POSIX shell through the environment, as one word inside and outside of quotation marks',
        'a value in a line for a shell reaches PowerShell through the environment, but not between single quotation marks',
        'a value in a line for a shell is quoted for cmd.exe, and refused if it could end the quotation',
        'a value in a line for a shell is refused for an unknown shell unless every shell takes it literally',
      ],
    },
  },
  {
    name: 'asking again when the servers that start with the window have changed',
    edits: [
      {
        file: 'src/core/autoStart/consent.ts',
        from: "return consent.servers === hash ? 'start' : 'ask';",
        to: "return 'start';",
      },
    ],
    tests: {
      [consent]: [
        'the start with the window needs consent to exactly these servers, and asks for it otherwise',
      ],
    },
  },
  {
    name: 'the nesting limit of a configuration file',
    edits: [
      {
        file: 'src/discovery/configuration/jsonText.ts',
        from: 'if (nestingDepth(text, maxLevels) > maxLevels) return undefined;',
        to: '',
      },
    ],
    tests: {
      [files]: ['A configuration file of 10 MB, or with endless nesting, is ignored and reported'],
    },
  },
];
