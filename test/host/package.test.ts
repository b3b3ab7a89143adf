import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import JSZip from 'jszip';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { packagedExtension } from '../support/packagedExtension.js';

/** All files in the package. vsce renames three of them. */
const shipped = [
  'LICENSE.txt',
  'changelog.md',
  'dist/addServer.js',
  'dist/cli.js',
  'dist/commandScripts.js',
  'dist/completionScripts.js',
  'dist/configurationFormat.js',
  'dist/crashNotice.js',
  'dist/debugLaunch.js',
  'dist/dev-servers.schema.json',
  'dist/diagnosticsReport.js',
  'dist/doctorCommand.js',
  'dist/extension.js',
  'dist/extensionRuntime.js',
  'dist/findServers.js',
  'dist/host.js',
  'dist/launch.js',
  'dist/mcp.js',
  'dist/mcpFiles.js',
  'dist/missingFiles.js',
  'dist/node-pty/LICENSE',
  'dist/node-pty/lib/conpty_console_list_agent.js',
  'dist/node-pty/lib/eventEmitter2.js',
  'dist/node-pty/lib/index.js',
  'dist/node-pty/lib/interfaces.js',
  'dist/node-pty/lib/shared/conout.js',
  'dist/node-pty/lib/terminal.js',
  'dist/node-pty/lib/types.js',
  'dist/node-pty/lib/unixTerminal.js',
  'dist/node-pty/lib/utils.js',
  'dist/node-pty/lib/windowsConoutConnection.js',
  'dist/node-pty/lib/windowsPtyAgent.js',
  'dist/node-pty/lib/windowsTerminal.js',
  'dist/node-pty/lib/worker/conoutSocketWorker.js',
  'dist/node-pty/package.json',
  'dist/node-pty/prebuilds/darwin-arm64/pty.node',
  'dist/node-pty/prebuilds/darwin-arm64/spawn-helper',
  'dist/node-pty/prebuilds/darwin-x64/pty.node',
  'dist/node-pty/prebuilds/darwin-x64/spawn-helper',
  'dist/node-pty/prebuilds/linux-arm64/pty.node',
  'dist/node-pty/prebuilds/linux-x64/pty.node',
  'dist/node-pty/prebuilds/win32-arm64/conpty.node',
  'dist/node-pty/prebuilds/win32-arm64/conpty_console_list.node',
  'dist/node-pty/prebuilds/win32-x64/conpty.node',
  'dist/node-pty/prebuilds/win32-x64/conpty_console_list.node',
  'dist/package.json',
  'dist/prompts.js',
  'dist/pythonTaskFiles.js',
  'dist/qrPage.js',
  'dist/serveClient.js',
  'dist/serverFinder.js',
  'dist/staticServer.js',
  'dist/tasks.js',
  'dist/third-party-licences.txt',
  'dist/tomlParsers.js',
  'dist/upCommand.js',
  'dist/windowSocket.js',
  'dist/worktrees.js',
  'dist/yamlParsers.js',
  'dist/yamlTaskParsers.js',
  'l10n/bundle.l10n.de.json',
  'l10n/bundle.l10n.es.json',
  'l10n/bundle.l10n.fr.json',
  'l10n/bundle.l10n.ja.json',
  'l10n/bundle.l10n.json',
  'l10n/bundle.l10n.zh-cn.json',
  'media/dev-servers.svg',
  'media/icon.png',
  'media/walkthrough/agents.svg',
  'media/walkthrough/open.svg',
  'media/walkthrough/see.svg',
  'media/walkthrough/start.svg',
  'package.json',
  'package.nls.de.json',
  'package.nls.es.json',
  'package.nls.fr.json',
  'package.nls.ja.json',
  'package.nls.json',
  'package.nls.zh-cn.json',
  'readme.md',
  'skills/dev-servers/SKILL.md',
];

const maxPackageBytes = 6_000_000;

/**
 * Maximum size of each bundle, bytes. Every window loads the first; `serveClient.js` has the MCP SDK.
 */
const bundles: Readonly<Record<string, number>> = {
  'extension.js': 80_000,
  // Reads the records of windows itself, and the folders of this one, which may be silent.
  'windowSocket.js': 45_000,
  // Errors of pages with many lines, merge conflicts, labels of ports, logs whose oldest file is removed while they are read, starts that are
  // cancelled, and the places in guides where servers are described.
  'extensionRuntime.js': 285_200,
  // Follows the scripts that start those of other packages, unites the descriptions that start one server, reads guides
  // and the programs that they name, and judges targets of Make by the branches and programs that they run, also those of
  // included files and of shell scripts, and by the programs that they build. Reads the groups of dependencies of uv,
  // declared programs, settings and source files that say that a script serves nothing, or what it starts, and projects of
  // .NET.
  'serverFinder.js': 240_800,
  'configurationFormat.js': 25_000,
  // Reads the targets of Make and the tasks with which guides start containers.
  'yamlParsers.js': 93_500,
  'yamlTaskParsers.js': 81_000,
  'pythonTaskFiles.js': 41_000,
  // Aliases of Cargo.
  'tomlParsers.js': 62_600,
  'debugLaunch.js': 52_900,
  'tasks.js': 56_500,
  'launch.js': 30_000,
  // Words of taken ports and of errors of pages, the windows of daemons, containers and the time that they get, starts
  // that are given up or cancelled, folders that other users can write, shells that wait for input, unread output, and
  // servers that answer with news.
  'host.js': 183_900,
  // Sends parts of files, too.
  'staticServer.js': 6_000,
  // The library of QR codes.
  'qrPage.js': 16_000,
  // Boxes for the input of the user, and names from commands, without words of a shell.
  'addServer.js': 19_000,
  'diagnosticsReport.js': 4_600,
  // Lists the servers of a window without another bundle, reads folders that may be silent, limits searches of logs, and
  // finds folders by any of their paths.
  'cli.js': 78_600,
  // Names the package managers of servers.
  'doctorCommand.js': 75_000,
  // Asks in the terminal, names ports in use and other terminals, and says which packages are missing.
  'upCommand.js': 204_400,
  'commandScripts.js': 5_000,
  // Values of options, and names in another folder.
  'completionScripts.js': 7_900,
  'prompts.js': 4_500,
  'findServers.js': 238_800,
  'worktrees.js': 8_500,
  'missingFiles.js': 7_000,
  'crashNotice.js': 12_500,
  'mcpFiles.js': 40_000,
  'mcp.js': 1_000,
  'serveClient.js': 350_000,
};

describe('The package', function () {
  let folder = '';
  let file = '';
  let zip = new JSZip();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dev-server-registry-package-'));
    file = await packagedExtension(folder);
    zip = await JSZip.loadAsync(await readFile(file));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('holds what is needed, for all six platforms, and nothing else', () => {
    const files = Object.values(zip.files).filter(({ dir }) => !dir);
    const inside = files.map(({ name }) => name).filter((name) => name.startsWith('extension/'));
    assert.deepEqual(inside.map((name) => name.slice('extension/'.length)).toSorted(byCodeUnit), shipped);
  });

  it('is small', async () => {
    const { size } = await stat(file);
    assert.ok(size < maxPackageBytes, `${size} bytes are too many`);
  });

  it('has a bound for every bundle', () => {
    const built = shipped.filter((name) => /^dist\/\w+\.js$/u.test(name));
    assert.deepEqual(
      built.map((name) => name.slice('dist/'.length)).toSorted(),
      Object.keys(bundles).toSorted(),
    );
  });

  for (const [bundle, most] of Object.entries(bundles)) {
    it(`holds ${bundle} small and without a source map`, async () => {
      const text = await content(zip, `dist/${bundle}`).then((bytes) => bytes.toString('utf8'));
      assert.ok(text.length < most, `${text.length} bytes are too many`);
      assert.equal(text.includes('sourceMappingURL'), false);
    });

    // V8 keeps the whole source in memory, with two bytes for each character if one of them is not in Latin-1.
    it(`holds ${bundle} with characters of one byte`, async () => {
      const text = await content(zip, `dist/${bundle}`).then((bytes) => bytes.toString('utf8'));
      assert.deepEqual(text.match(/[\u0100-\u{10ffff}]/gu) ?? [], []);
    });
  }

  it('keeps the MCP SDK out of what the editor loads', async () => {
    for (const bundle of ['extension.js', 'windowSocket.js', 'extensionRuntime.js']) {
      assert.equal((await content(zip, `dist/${bundle}`)).includes('notifications/initialized'), false);
    }
    assert.equal((await content(zip, 'dist/serveClient.js')).includes('notifications/initialized'), true);
  });

  for (const page of ['readme.md', 'changelog.md']) {
    it(`has no dead link and no dead picture in ${page}`, async () => {
      const { repository } = JSON.parse(await readFile('package.json', 'utf8')) as { repository: string };
      const text = (await content(zip, page)).toString('utf8');
      const dead = [];
      for (const target of linkTargets(text))
        if (!(await leadsTo(target, text, repository))) dead.push(target);
      assert.deepEqual(dead, []);
    });
  }

  it('keeps the programs of macOS executable', (context) => {
    // Windows knows no executable files, so a package made there cannot name any.
    if (process.platform === 'win32') return context.skip('Windows keeps no executable bits');
    const modes = shipped
      .filter((name) => name.endsWith('/spawn-helper'))
      .map((name) => Number(zip.file(`extension/${name}`)?.unixPermissions ?? 0) & 0o111);
    assert.deepEqual(modes, [0o111, 0o111]);
  });

  it('holds native code for the platform and the processor that its folder names', async () => {
    const binaries = shipped.filter((name) => /\/prebuilds\/[^/]+\/(?:conpty|pty)\.node$/u.test(name));
    const kinds = await Promise.all(
      binaries.map(async (name) => [name.split('/')[3], machineOf(await content(zip, name))] as const),
    );
    assert.deepEqual(kinds, [
      ['darwin-arm64', 'darwin-arm64'],
      ['darwin-x64', 'darwin-x64'],
      ['linux-arm64', 'linux-arm64'],
      ['linux-x64', 'linux-x64'],
      ['win32-arm64', 'win32-arm64'],
      ['win32-x64', 'win32-x64'],
    ]);
  });
});

async function content(zip: JSZip, name: string): Promise<Buffer> {
  const entry = zip.file(`extension/${name}`);
  assert.ok(entry, `${name} is missing`);
  return entry.async('nodebuffer');
}

/** Returns the targets of the links and pictures of a Markdown text. */
function linkTargets(text: string): string[] {
  return [...text.matchAll(/\]\((?<target>[^)\s]+)\)/gu)].map(({ groups }) => groups?.['target'] ?? '');
}

/** Returns whether a target is a heading of the page, or a file of the repository and a heading in it. */
async function leadsTo(target: string, page: string, repository: string): Promise<boolean> {
  const [path = '', anchor] = target.split('#');
  if (path === '') return headings(page).includes(anchor ?? '');
  const base = [`${repository}/blob/HEAD/`, `${repository}/raw/HEAD/`].find((each) => path.startsWith(each));
  if (base === undefined) return false;
  const text = await readFile(path.slice(base.length), 'utf8').catch(() => undefined);
  return text !== undefined && (anchor === undefined || headings(text).includes(anchor));
}

/** Returns the anchors of the headings, as GitHub names them. */
function headings(text: string): string[] {
  return [...text.matchAll(/^#+ (?<title>.+)$/gmu)].map(({ groups }) =>
    (groups?.['title'] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Reads the head of an executable: Mach-O, ELF or PE, and the number it has for the processor. */
function machineOf(binary: Buffer): string {
  if (binary.readUInt32LE(0) === 0xfe_ed_fa_cf) {
    return { 0x1_00_00_07: 'darwin-x64', 0x1_00_00_0c: 'darwin-arm64' }[binary.readUInt32LE(4)] ?? 'darwin';
  }
  if (binary.toString('latin1', 1, 4) === 'ELF') {
    return { 0x3e: 'linux-x64', 0xb7: 'linux-arm64' }[binary.readUInt16LE(18)] ?? 'linux';
  }
  const machine = binary.readUInt16LE(binary.readUInt32LE(0x3c) + 4);
  return { 0x86_64: 'win32-x64', 0xaa_64: 'win32-arm64' }[machine] ?? 'unknown';
}

function byCodeUnit(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
