// @ts-check

/** @typedef {import('./guards.mjs').Guard} Guard */

const pages = 'test/host/staticServer/pages.test.ts';
const plainText = 'test/unit/core/plainText.test.ts';
const display = 'test/unit/vscode/display/display.test.ts';
const agreement = 'test/unit/core/agents/agreement.test.ts';
const agentTexts = 'test/unit/core/agents/hostileTexts.test.ts';

/**
 * Guards of what docs/security.md promises about texts, questions, files and connections.
 * @type {Guard[]}
 */
export const securityGuards = [
  {
    name: 'the marks in links and icons of plain text',
    edits: [
      {
        file: 'src/core/plainText.ts',
        from: 'shown.replaceAll(markup, `$<before>${wordJoiner}`)',
        to: 'shown',
      },
    ],
    tests: {
      [plainText]: [
        'plain text has no link that the editor detects',
        'plain text has no icon that the editor detects',
      ],
      [display]: [
        'a text of the workspace is plain in notifications and their buttons',
        'a text of the workspace is plain in lists',
      ],
    },
  },
  {
    name: 'plain text in questions',
    edits: [
      {
        file: 'src/vscode/display/messages.ts',
        from: 'window.showWarningMessage(plainText(text), options',
        to: 'window.showWarningMessage(text, options',
      },
    ],
    tests: { [display]: ['a text of the workspace is plain in questions'] },
  },
  {
    name: 'plain text in tooltips',
    edits: [
      {
        file: 'src/vscode/display/tooltip.ts',
        from: 'if (!looksLikeLink.test(plain)) {',
        to: 'if (plain) {',
      },
    ],
    tests: { [display]: ['a text of the workspace is plain in tooltips'] },
  },
  {
    name: 'refusing a question that is too long to be read',
    edits: [
      {
        file: 'src/core/agents/prompts.ts',
        from: ".join('').length > maxQuestionLength",
        to: ".join('').length > maxQuestionLength * 100",
      },
    ],
    tests: {
      [agreement]: [
        'an agent that starts a listed server is refused without a question when the question would be too long: argument',
      ],
    },
  },
  {
    name: 'counting hidden characters in a question as they are shown',
    edits: [{ file: 'src/core/agents/prompts.ts', from: '.map(escapeHidden)', to: '' }],
    tests: {
      [agreement]: [
        'an agent that starts a listed server is refused without a question when the question would be too long: folder of hidden characters',
        'an agent that starts a listed server is refused without a question when the question would be too long: files of variables',
      ],
    },
  },
  {
    name: 'the bounds of an answer to an agent',
    edits: [
      {
        file: 'src/core/agents/boundedAnswer.ts',
        from: 'if (remaining < 0) break;',
        to: '',
      },
    ],
    tests: { 'test/unit/core/agents/boundedAnswer.test.ts': ['an answer to an agent is bounded'] },
  },
  {
    name: 'showing half surrogate pairs as codes in the data of an answer',
    edits: [{ file: 'src/core/agents/sanitize.ts', from: '[\\p{Cc}\\p{Cs}]/gu', to: '\\p{Cc}/gu' }],
    tests: { 'test/unit/core/agents/boundedAnswer.test.ts': ['an answer to an agent is well-formed'] },
  },
  {
    name: 'keeping ids with half surrogate pairs different',
    edits: [
      {
        file: 'src/core/agents/boundedAnswer.ts',
        from: 'shortened(visibleText(text), maxValueLength)',
        to: 'shortened(visibleText(wellFormed(text)), maxValueLength)',
      },
    ],
    tests: { [agentTexts]: ['an id that an answer showed to an agent finds its server'] },
  },
  {
    name: 'the maximum number of ids that are compared with a wrong one',
    edits: [{ file: 'src/core/agents/findServer.ts', from: '.slice(0, maxCompared)', to: '' }],
    tests: {
      [agentTexts]: [
        'an answer to an agent takes little time if it suggests ids: only the first 1,000 are compared with a wrong one',
      ],
    },
  },
  {
    name: 'the maximum length of ids that are compared with a wrong one',
    edits: [{ file: 'src/core/agents/findServer.ts', from: 'id.slice(-maxComparedLength)', to: 'id' }],
    tests: {
      [agentTexts]: [
        'an answer to an agent takes little time if it suggests ids: only the ends of long ones are compared',
      ],
    },
  },
  {
    name: 'searching only for values whose beginning is in the output',
    edits: [{ file: 'src/core/agents/sanitize.ts', from: ' && beginnings.has(beginningOf(part))', to: '' }],
    tests: {
      [agentTexts]: [
        'an answer to an agent takes little time if it hides the values of variables with many lines',
      ],
    },
  },
  {
    name: 'the pauses after the rules of each .gitignore',
    edits: [
      {
        file: 'src/discovery/scan/gitIgnores.ts',
        from: 'await this.deps.turns.next();\n    if (rules',
        to: 'if (rules',
      },
      {
        file: 'src/discovery/scan/gitIgnores.ts',
        from: 'await this.deps.turns.next();\n      if (!found)',
        to: 'if (!found)',
      },
    ],
    tests: {
      'test/unit/discovery/scan/bounds.test.ts': [
        'bounds of discovery read a few .gitignore files at a time, and let other events have their turn after each',
      ],
    },
  },
  {
    name: 'the hosts that the static server answers',
    edits: [
      {
        file: 'src/staticServer/allowedHosts.ts',
        from: 'name !== undefined && (isOfThisMachine(name) ||',
        to: 'name !== undefined && (name !== undefined ||',
      },
    ],
    tests: {
      'test/unit/staticServer/allowedHosts.test.ts': [
        'the host of a request to the static server is no other name, which may be rebound to this machine',
      ],
    },
  },
  {
    name: 'the check of the path of an open file',
    edits: [
      {
        file: 'src/staticServer/openInside.ts',
        from: 'opened.isFile() && isSame && isServed(root, now)',
        to: 'opened.isFile()',
      },
    ],
    tests: {
      [pages]: [
        'pages of a folder serves no file of a folder that was replaced by a link right before the file was opened',
      ],
    },
  },
  {
    name: 'one open file for each connection',
    edits: [
      {
        file: 'src/staticServer/pages.ts',
        from: "if (!response.socket) await once(response, 'socket');",
        to: '',
      },
    ],
    tests: {
      [pages]: [
        'pages of a folder has one file open for a connection, however many requests a client sends at once',
      ],
    },
  },
  {
    name: 'the check of the owner of the socket of a process host',
    edits: [{ file: 'src/host/client/hostConnection.ts', from: 'requireOwnSocket(address);', to: '' }],
    tests: {
      'test/host/mcp/socketOwner.test.ts': [
        'a client of a window takes no servers over from a socket that another user may have created',
      ],
    },
  },
  {
    name: 'the connection in the name of the owner of a server',
    edits: [
      {
        file: 'src/mcp/bridge/agentConnection.ts',
        from: 'caller: `mcp ${identity.pid} ${identity.startTime} ${randomUUID()}`',
        to: 'caller: agentDisplayName(agent)',
      },
      { file: 'src/mcp/bridge/agentConnection.ts', from: 'createHash, randomUUID,', to: 'createHash,' },
    ],
    tests: {
      'test/host/mcp/mcpServer.test.ts': [
        'the MCP server distinguishes the agent that started a server from others with the same name',
      ],
    },
  },
  {
    name: 'giving up calls of a window that does not respond',
    edits: [
      {
        file: 'src/mcp/bridge/windowClient.ts',
        from: 'if (intervals >= maxSilence) this.socket.destroy',
        to: 'if (intervals > 1e9) this.socket.destroy',
      },
    ],
    tests: {
      'test/host/mcp/windowClient.test.ts': ['the connection to a window answers no call, which is given up'],
    },
  },
];
