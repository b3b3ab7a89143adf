// @ts-check

/** @typedef {import('./guards.mjs').Guard} Guard */

const lazy = 'test/unit/activation/lazy.test.ts';
const orphanPolicy = 'test/unit/vscode/autoStart/orphanPolicy.test.ts';
const terminal = 'test/unit/vscode/terminals/serverTerminal.test.ts';

/**
 * Guards of what users see after something has gone wrong.
 * @type {Guard[]}
 */
export const usageGuards = [
  {
    name: 'trying again after a part of the extension could not be loaded',
    edits: [{ file: 'src/activation/lazy.ts', from: '      this.#part = undefined;\n', to: '' }],
    tests: {
      [lazy]: ['A lazy part is created by the next caller if it could not be created'],
    },
  },
  {
    name: 'trying again after the server finder could not be loaded',
    edits: [
      { file: 'src/vscode/workspace/definitions.ts', from: '      this.#firstScan = undefined;\n', to: '' },
    ],
    tests: {
      'test/unit/vscode/workspace/definitions.test.ts': [
        'the definitions of a window say that they cannot be searched, and are searched at the next request',
      ],
    },
  },
  {
    name: 'the answer to an agent when the extension cannot be loaded',
    edits: [
      {
        file: 'src/mcp/bridge/agentConnection.ts',
        from: '.catch(loadFailure);',
        to: '.catch(() => new Promise<never>(() => loadFailure));',
      },
    ],
    tests: {
      'test/host/mcp/agentConnection.test.ts': [
        'an agent is told when the tools cannot be loaded, and may call again',
      ],
    },
  },
  {
    name: 'the nested settings in the diagnostics',
    edits: [
      {
        file: 'src/vscode/logs/diagnosticsDocument.ts',
        from: '  for (const name of names) {\n',
        to: "  for (const name of names.filter((each) => each.split('.').length < 3)) {\n",
      },
    ],
    tests: {
      'test/unit/vscode/logs/diagnosticsDocument.test.ts': [
        'the diagnostics have the settings of every level, and no values that may be secret',
      ],
    },
  },
  {
    name: 'the difference between a closed question about orphans and the answer to stop them',
    edits: [
      {
        file: 'src/vscode/autoStart/orphanPolicy.ts',
        from: "  if (choice === undefined) return 'kept';\n",
        to: "  if (choice === undefined) return 'ended';\n",
      },
    ],
    tests: {
      [orphanPolicy]: [
        'a server that a dead window has left running is kept when the answer to the question is missing',
      ],
    },
  },
  {
    name: 'watching processes that survive the stop of an adopted server',
    edits: [
      {
        file: 'src/host/process/adoptedRun.ts',
        from: '    this.#ended = survivors.length === 0;\n    if (this.#ended) clearInterval(this.#checkTimer);\n',
        to: '    this.#ended = survivors.length === 0;\n    clearInterval(this.#checkTimer);\n',
      },
    ],
    tests: {
      'test/host/process/adoptedRun.test.ts': [
        'what survives the stop of an adopted server is watched, and its end completes the stop',
      ],
    },
  },
  {
    name: 'checking whether the editor has changed the configuration',
    edits: [
      {
        file: 'src/vscode/configuration/configurationEditor.ts',
        from: "if (!(await workspace.applyEdit(edit))) return this.l10n.t('The editor refused the change');",
        to: 'await workspace.applyEdit(edit);',
      },
    ],
    tests: {
      'test/unit/vscode/configuration/configurationEditor.test.ts': [
        'a configuration file that the editor does not change is not taken for changed',
      ],
    },
  },
  {
    name: 'translating error texts',
    edits: [
      {
        file: 'src/core/text.ts',
        from: 'translator.t(template, ...args)).join',
        to: 'english.t(template, ...args)).join',
      },
    ],
    tests: {
      'test/unit/core/server/errors.test.ts': [
        'a thrown value has an English message for code, and a text that is translated for users',
      ],
    },
  },
  {
    name: 'removing the full stop of a sentence inside another one',
    edits: [
      {
        file: 'src/core/text.ts',
        from: "return text.replace(/[.\\u3002]$/u, '');",
        to: 'return text;',
      },
    ],
    tests: {
      'test/unit/core/text.test.ts': [
        'a text as a part of a longer sentence has no full stop, in Chinese and Japanese either',
      ],
      [terminal]: ['the terminal of a server that could not be started says why, when it is opened later'],
    },
  },
  {
    name: 'the reason in the terminal if a program was not found',
    edits: [
      {
        file: 'src/vscode/terminals/serverTerminal.ts',
        from: "state.kind === 'crashed' && this.#runId === undefined",
        to: "state.kind === 'crashed' && this.#runId !== undefined",
      },
    ],
    tests: {
      [terminal]: ['the terminal of a server that could not be started says why, when it is opened later'],
    },
  },
  {
    name: 'the probe by TLS without the name of an IP address',
    edits: [
      {
        file: 'src/host/sockets/httpProbe.ts',
        from: "=== 0 ? hostname : '';",
        to: "=== 0 ? hostname : hostname.replaceAll(/[[\\]]/g, '');",
      },
    ],
    tests: {
      'test/host/sockets/httpProbe.test.ts': [
        'a probe by TLS asks for the host by name, and for none at an IP address, without a warning of Node',
      ],
    },
  },
  {
    name: 'the count of problems by entry',
    edits: [
      {
        file: 'src/discovery/configuration/configuration.ts',
        from: 'const key = `${problem.location} ${problem.entry}`;',
        to: 'const key = `${problem.location} ${problem.entry} ${problem.reason}`;',
      },
    ],
    tests: {
      'test/unit/discovery/configuration/configurationFile.test.ts': [
        'the problems of a configuration file are counted by entry',
      ],
    },
  },
];
