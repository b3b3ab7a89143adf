// @ts-check

/** @typedef {import('./guards.mjs').Guard} Guard */

const kinds = 'test/unit/discovery/listing/kinds.test.ts';
const listing = 'test/unit/discovery/listing/serverListing.test.ts';
const mains = 'test/unit/core/server/mainServers.test.ts';
const documents = (/** @type {string} */ kind) =>
  `Discovery lists what the documentation of a project names, for the kind ${kind}`;

/** Guards against noise in the list of servers.
 * @type {Guard[]} */
export const discoveryGuards = [
  {
    name: 'one row for all ways to start a server',
    edits: [
      {
        file: 'src/discovery/listing/serverRows.ts',
        from: '    if (same) same.alternatives.push(server);\n    else rows.push(row);',
        to: '    rows.push(same ? { server, alternatives: [] } : row);',
      },
    ],
    tests: { [kinds]: [documents('script-of-named-package')] },
  },
  {
    name: 'one row for a script and the server that it only starts, in another package',
    edits: [
      {
        file: 'src/discovery/listing/serverRows.ts',
        from: 'const target = started.get(server);',
        to: 'const target = started.size < 0 ? started.get(server) : undefined;',
      },
    ],
    tests: { [kinds]: [documents('script-starts-package')] },
  },
  {
    name: 'no main server for a package whose first script only starts the server of another package',
    edits: [
      {
        file: 'src/core/server/mainServers.ts',
        from: '.filter((inside) => inside.every(({ isMain }) => isMain !== false))',
        to: '',
      },
    ],
    tests: {
      [mains]: [
        'The main servers of a workspace include none of a package whose own one is that of another package',
      ],
    },
  },
  {
    name: 'leaving out servers for tests',
    edits: [
      {
        file: 'src/discovery/listing/listedRows.ts',
        from: "case 'test':\n        return false;",
        to: "case 'test':\n        return true;",
      },
    ],
    tests: { [kinds]: [documents('compose-ci-test-name')] },
  },
  {
    name: 'comparing scripts in folders where another source runs something',
    edits: [
      {
        file: 'src/discovery/listing/serverRows.ts',
        from: '(folders.size > 0 && script !== undefined && mayRunElsewhere(script.body))',
        to: 'false',
      },
    ],
    tests: {
      [listing]: [
        'The list of servers combines a script that changes to a folder with the target that serves there',
      ],
    },
  },
  {
    name: 'updating the list only after a change',
    edits: [
      {
        file: 'src/discovery/scan/folderDiscovery.ts',
        from: 'if (this.#last && areSame(this.#last.found, found)) return this.#last.discovery;',
        to: '',
      },
    ],
    tests: { [listing]: ['The list of servers is the same object until another server is found'] },
  },
  {
    name: 'not starting a server twice if a script at the top starts it',
    edits: [
      {
        file: 'src/core/server/mainServers.ts',
        from: 'const starting = mains.filter(({ startsBelow }) => startsBelow !== undefined);',
        to: 'const starting = mains.filter(() => false);',
      },
    ],
    tests: {
      [mains]: [
        'The main servers of a workspace are only the one at the top where that starts the others by turbo dev',
      ],
    },
  },
  {
    name: 'listing a command of a guide only if it runs a part of the project',
    edits: [
      {
        file: 'src/discovery/parsers/guides/documentedServer.ts',
        from: '(run === words && !runsProject(words, folder, project))',
        to: 'runsProject(words, folder, project) === undefined',
      },
    ],
    tests: { [kinds]: [documents('guide-other-commands')] },
  },
  {
    name: 'listing no production commands of guides',
    edits: [
      {
        file: 'src/discovery/parsers/guides/describesServer.ts',
        from: 'if (isReleased(command)) return false;',
        to: '',
      },
    ],
    tests: { [kinds]: [documents('guide-other-commands')] },
  },
  {
    name: 'one row for a command of a guide and a server with the same command but other arguments',
    edits: [
      {
        file: 'src/discovery/listing/serverRows.ts',
        from: '?? documentedRow(server, rows)',
        to: '?? documentedRow(server, [])',
      },
    ],
    tests: { [kinds]: [documents('guide-known-servers')] },
  },
];
