// Holds the import direction between the layers of `src`, and inside them. `npm run check` runs it.
// Type-only imports count: a type in the wrong file is where most cycles begin.

/** Paths of everything in `src` but the given folders or files. */
const exceptIn = (/** @type {string[]} */ ...allowed) => ({
  path: '^src/',
  pathNot: allowed.map((path) => `^src/${path}`),
});

/** @param {string} name @param {string[]} allowed @param {string} comment */
const layer = (name, allowed, comment) => ({
  name: `layer-${name.replaceAll('/', '-')}`,
  severity: 'error',
  comment,
  from: { path: `^src/${name}/` },
  to: exceptIn(`${name}/`, ...allowed),
});

/** @param {string} library @param {string} user @param {string} within */
const onlyIn = (library, user, within = 'src') => ({
  name: `only-user-of-${library.replaceAll(/\W+/g, '-')}`,
  severity: 'error',
  comment: `Only ${user} imports ${library}, so that it can be replaced or wrapped in one place.`,
  from: { path: `^(?:${within})/`, pathNot: `^${user}` },
  to: { path: `(?:^|node_modules/)${library}(?:/|$)` },
});

/** @param {string} name @param {string[]} folders */
const noVscode = (name, folders) => ({
  name,
  severity: 'error',
  comment: 'Only the adapter and what connects it may know the editor.',
  from: { path: folders.map((folder) => `^src/${folder}/`) },
  to: { path: '(?:^|node_modules/(?:@types/)?)vscode(?:/|$)' },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-folder-cycles',
      severity: 'error',
      comment: 'No two folders import each other, directly or through others.',
      scope: 'folder',
      from: { path: '^src' },
      to: { circular: true },
    },
    { name: 'no-file-cycles', severity: 'error', from: {}, to: { circular: true } },
    layer('core', [], 'core knows nobody.'),
    layer('discovery', ['core/'], 'discovery parses text: it knows core only.'),
    layer('host', ['core/'], 'host is Node only: it knows core only.'),
    layer('vscode', ['core/'], 'vscode adapts core to the editor; composition connects the other layers.'),
    layer(
      'mcp',
      ['core/', 'host/platform/', 'host/system/'],
      'mcp reaches a window: of host it needs process identities and the replacement of files.',
    ),
    layer(
      'folderSearch',
      ['core/', 'discovery/', 'host/system/', 'mcp/bridge/'],
      'folderSearch finds the servers of a folder without the editor, for cli and for worktrees.',
    ),
    layer(
      'cli',
      [
        'core/',
        'discovery/',
        'folderSearch/',
        'host/client/',
        'host/platform/',
        'host/sockets/',
        'host/system/',
        'mcp/',
      ],
      'cli finds and runs servers without the editor, asks the window that has the folder open, and serves agents.',
    ),
    layer('staticServer', [], 'The server of plain pages is a program of its own.'),
    {
      name: 'host-client',
      severity: 'error',
      comment: 'client runs in the extension host: it must not bundle what runs in the process host.',
      from: { path: '^src/host/client/' },
      to: { path: '^src/host/(?:process|launch|readiness|output|sockets)/' },
    },
    {
      name: 'pure-layers',
      severity: 'error',
      comment: 'core and discovery use nothing of Node: time, files and processes are injected.',
      from: { path: '^src/(?:core|discovery)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'entry-point',
      severity: 'error',
      comment: 'The editor loads extension.ts; no module imports it.',
      from: {},
      to: { path: '^src/extension\\.ts$' },
    },
    noVscode('no-vscode', ['core', 'discovery', 'host', 'mcp', 'folderSearch', 'cli', 'staticServer']),
    onlyIn('async-mutex', 'src/core/registry/locks.ts'),
    onlyIn('node-pty', 'src/host/launch/pty.ts', 'src|bench'),
    onlyIn('@modelcontextprotocol', 'src/mcp/server/'),
    onlyIn('@valibot/to-json-schema', 'src/core/agents/toolManifest.ts'),
    {
      name: 'build-time-only',
      severity: 'error',
      comment:
        'scripts/generate/toolManifest.mjs and tests import the manifest of the tools; no bundle holds the converter.',
      from: { path: '^src/' },
      to: { path: '^src/core/agents/toolManifest\\.ts$' },
    },
  ],
  options: {
    // typescript 7 has no compiler API for tools, so the imports are parsed by swc.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
};
