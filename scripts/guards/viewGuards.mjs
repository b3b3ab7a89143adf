// @ts-check

/** @typedef {import('./guards.mjs').Guard} Guard */

const clicks = 'test/unit/vscode/commands/rowClicks.test.ts';
const rows = 'test/unit/core/views/rows.test.ts';

/** Guards that keep the view from stopping a server that should start, and from showing rows that look the same.
 * @type {Guard[]} */
export const viewGuards = [
  {
    name: 'the pause after a start in which a click stops no server',
    edits: [
      {
        file: 'src/vscode/commands/rowClicks.ts',
        from: 'return started !== undefined && this.tick() - started <= impatienceMs;',
        to: 'return started !== undefined && this.tick() < started;',
      },
    ],
    tests: { [clicks]: ['clicks on rows do not stop a server right after they have started it'] },
  },
  {
    name: 'distinct titles',
    edits: [
      {
        file: 'src/core/server/titles.ts',
        from: "filter((definition) => (counts.get(titles.get(definition) ?? '') ?? 0) > 1)",
        to: 'filter(() => counts.size < 0)',
      },
    ],
    tests: {
      [rows]: ['the titles of servers are unique, and definitions with unique titles stay the same objects'],
    },
  },
];
