// @ts-check

/** @typedef {import('./guards.mjs').Guard} Guard */

const link = 'src/host/process/windowLink.ts';
const explored = {
  'test/unit/core/handOver/reloads.test.ts': [
    'windows that are killed and reloaded lose no server and leave none behind in any interleaving',
  ],
};

/** @param {string} title */
const linkTest = (title) => ({
  'test/unit/host/process/windowLink.test.ts': [`the link between a process host and its windows ${title}`],
});

/** Guards of the hand-over from one window to the next.
 * @type {Guard[]} */
export const holdGuards = [
  {
    name: 'answering a request only to the window that asked',
    edits: [{ file: link, from: 'if (asked && asked.window === this.#window)', to: 'if (asked)' }],
    tests: linkTest('answers a request only to the window that asked, with its number'),
  },
  {
    name: 'refusing messages from a window that has left',
    edits: [
      {
        file: link,
        from: 'for (const value of unbatch(values)) if (window === this.#window) this.#receive(value);',
        to: 'for (const value of unbatch(values)) if (window) this.#receive(value);',
      },
    ],
    tests: linkTest('does nothing for a window that has left, and does not notice when it closes'),
  },
  {
    name: 'checking which window is gone',
    edits: [
      { file: link, from: 'if (window === this.#window) void this.#hold();', to: 'void this.#hold();' },
    ],
    tests: {
      ...explored,
      ...linkTest('does nothing for a window that has left, and does not notice when it closes'),
    },
  },
  {
    name: 'stopping the timer when a window takes over',
    edits: [{ file: link, from: 'this.#timer?.cancel();', to: '' }],
    tests: { ...explored, ...linkTest('does not end the servers of a window that has come') },
  },
  {
    name: 'refusing windows while the process host shuts down',
    edits: [
      { file: link, from: '    if (this.#isEnding) {\n      await', to: '    if (!this) {\n      await' },
    ],
    tests: linkTest('accepts no window when it ends while the socket is being opened'),
  },
  {
    name: 'the exit of a process host that no window could find',
    edits: [
      { file: link, from: 'if (!(await ledger.written))', to: 'if (!(await ledger.written) && !this)' },
    ],
    tests: linkTest('ends, and reports that it holds nothing, if the hold cannot be recorded'),
  },
  {
    name: 'the exit of a process host without servers',
    edits: [
      {
        file: link,
        from: 'if (this.#holdMs === 0 || !this.#isNeeded) return this.#end();',
        to: 'if (this.#holdMs === 0) return this.#end();',
      },
    ],
    tests: explored,
  },
  {
    name: 'the stop that the next window continues',
    edits: [
      {
        file: 'src/core/handOver/restoreServers.ts',
        from: "if (server.state.kind !== 'stopping') return;",
        to: 'if (server) return;',
      },
    ],
    tests: explored,
  },
];
