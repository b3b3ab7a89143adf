import { callWithin } from '../../src/host/system/boundedCall.js';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { exclusionGlob } from '../../src/discovery/scan/exclusions.js';
import { FolderDiscovery } from '../../src/discovery/scan/folderDiscovery.js';
import { parsersFor } from '../../src/discovery/allParsers.js';
import type { WorkspaceFiles } from '../../src/discovery/files/workspaceFiles.js';
import { eventLoopTurns } from '../../src/host/system/eventLoopTurns.js';
import { compared, mark } from '../harness/marks.js';
import type { PartResult } from '../harness/result.js';
import { rounds, type Setup } from '../harness/setup.js';
import { median } from '../harness/statistics.js';
import { timed } from '../harness/time.js';
import { cacheRoot } from '../../scripts/lib/paths.mjs';
import type { Search } from '../searchProcess.js';

const packages = 1000;

/**
 * Measures discovery in a monorepo of a thousand packages with their `node_modules`. The baseline is the unavoidable
 * work: the search with the editor's own program, and reading and parsing the found files.
 */
export async function discovery(setup: Setup): Promise<PartResult> {
  const search = new Searcher();
  const folder = mkdtempSync(path.join(tmpdir(), 'dev-servers-bench-'));
  try {
    const files = writeMonorepo(folder);
    const times = { bare: [] as number[], first: [] as number[], full: [] as number[] };
    const more = { edit: [] as number[], stall: [] as number[] };
    for (let round = 0; round < rounds(setup, 15); round += 1) {
      times.bare.push(await timed(() => bareWork(search, folder)));
      const measured = await discover(search, folder);
      times.first.push(measured.first);
      times.full.push(measured.full);
      more.edit.push(measured.edit);
      more.stall.push(measured.stall);
    }
    return toResult(files, { ...times, ...more });
  } finally {
    search.close();
    rmSync(folder, { recursive: true });
  }
}

function toResult(
  files: number,
  {
    bare,
    first,
    full,
    edit,
    stall,
  }: Readonly<Record<'bare' | 'first' | 'full' | 'edit' | 'stall', number[]>>,
): PartResult {
  const baseline = median(bare);
  return {
    title: `Discovery of ${packages} packages`,
    method: `A monorepo of ${files} files with \`node_modules\`, all of them in the page cache. Searches run in another process, as in the editor. The baseline searches for every \`package.json\` with the search program of VS Code, called as VS Code calls it, and reads and parses the found files.`,
    rows: compared('ms', [
      { who: 'search, read and parse, by hand', values: bare },
      { who: 'ours, first servers', values: first },
      { who: 'ours, all servers', values: full },
      { who: 'ours, after an edit of one file', values: edit },
      { who: 'ours, longest block of the event loop', values: stall },
    ]),
    marks: [
      mark({ what: 'first servers', ours: median(first), unit: 'ms', baseline, atMost: 150 }),
      mark({ what: 'all servers', ours: median(full), unit: 'ms', baseline, atMost: 500 }),
      mark({ what: 'after an edit', ours: median(edit), unit: 'ms', atMost: 30 }),
      mark({ what: 'longest block of the event loop', ours: median(stall), unit: 'ms', atMost: 10 }),
    ],
    missing: [],
  };
}

async function discover(
  search: Searcher,
  folder: string,
): Promise<Record<'first' | 'full' | 'edit' | 'stall', number>> {
  const found = new FolderDiscovery(
    { folder: { name: 'bench', path: folder }, paths: path, l10n: { t: (message) => message } },
    {
      files: workspaceFiles(search, folder),
      turns: eventLoopTurns,
      parsers: parsersFor('linux'),
      isEnabled: () => true,
      machine: { system: 'linux' },
      usesGitIgnores: true,
      runBounded: callWithin,
    },
  );
  const start = performance.now();
  const watch = watchStalls();
  let first = 0;
  await found.update(undefined, () => {
    first ||= performance.now() - start;
  });
  const count = found.discovery.definitions.length;
  const full = performance.now() - start;
  const stall = watch.stop();
  if (count !== packages * 2 + 1) throw new Error(`${count} servers were found.`);
  const edit = await timed(async () => {
    await found.update(new Set(['packages/p7/package.json']));
    return found.discovery;
  });
  return { first, full, edit, stall };
}

/** Measures the longest delay of a timer of one millisecond. */
function watchStalls(): { stop(): number } {
  let longest = 0;
  let previous = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - previous - 1);
    previous = now;
  }, 1);
  return {
    stop: () => {
      clearInterval(timer);
      return longest;
    },
  };
}

async function bareWork(search: Searcher, folder: string): Promise<void> {
  const found = await search.find(['**/package.json'], folder);
  for (const file of found) JSON.parse(await readFile(path.join(folder, file), 'utf8'));
}

function workspaceFiles(search: Searcher, folder: string): WorkspaceFiles {
  return {
    search: (patterns) =>
      search.find(
        patterns.map((pattern) => `**/${pattern}`),
        folder,
      ),
    read: async (file) => {
      try {
        return { kind: 'text', text: await readFile(path.join(folder, file), 'utf8') };
      } catch {
        return { kind: 'absent' };
      }
    },
    names: async (inside) => new Set(await readdir(path.join(folder, inside))),
  };
}

/** Runs searches in another process, one at a time. */
class Searcher {
  readonly #program = findSearchProgram();
  readonly #process: ChildProcess = fork(path.join(import.meta.dirname, 'searchProcess.mjs'));

  /** Searches as the editor does: excludes only the given globs and follows links. */
  async find(globs: readonly string[], folder: string): Promise<string[]> {
    const excluded = exclusionGlob({}).slice(1, -1).split(',');
    const options = ['--files', '--hidden', '--no-ignore', '--follow', '--no-config', '--case-sensitive'];
    const args = [...globs, ...excluded.map((glob) => `!${glob}`)].flatMap((glob) => ['-g', glob]);
    const search: Search = { program: this.#program, args: [...options, ...args], folder };
    this.#process.send(search);
    const [found] = (await once(this.#process, 'message')) as [string[]];
    return found;
  }

  close(): void {
    this.#process.disconnect();
  }
}

/** Writes a monorepo and returns the number of its files. */
function writeMonorepo(folder: string): number {
  let files = 0;
  const write = (file: string, content: object | string): void => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
    files += 1;
  };
  const scripts = {
    dev: 'vite',
    build: 'tsc -b && vite build',
    preview: 'vite preview',
    lint: 'eslint .',
    test: 'vitest run',
    'test:watch': 'vitest',
    format: 'prettier --write .',
    types: 'tsc --noEmit',
    clean: 'rm -rf dist',
    release: 'changeset publish',
  };
  write('package.json', { packageManager: 'pnpm@9.0.0', scripts: { dev: 'turbo dev' } });
  write('pnpm-lock.yaml', 'lockfileVersion: 9\n');
  write('.gitignore', 'node_modules\ndist\n');
  for (let index = 0; index < packages; index += 1) {
    const subfolder = `packages/p${index}`;
    write(`${subfolder}/package.json`, { name: `@bench/p${index}`, version: '1.0.0', scripts });
    for (let file = 0; file < 10; file += 1) write(`${subfolder}/src/module${file}.ts`, 'export {};\n');
    for (let file = 0; file < 2; file += 1) {
      write(`${subfolder}/node_modules/d${file}/package.json`, { name: `d${file}`, scripts });
      for (const name of ['index.js', 'index.d.ts', 'readme.md'])
        write(`${subfolder}/node_modules/d${file}/${name}`, '');
    }
  }
  return files;
}

/** Returns the path of the editor's search program, in the packages of an installed editor. */
function findSearchProgram(): string {
  // Some versions contain it for every system.
  const pattern = new RegExp(
    String.raw`@vscode[/\\]ripgrep[^/\\]*[/\\]bin[/\\](?:${process.platform}-${process.arch}[/\\])?rg(?:\.exe)?$`,
    'u',
  );
  // Other folders of the cache contain links to the whole disk.
  const editors = readdirSync(cacheRoot, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name.startsWith('vscode-'),
  );
  const files = editors.flatMap(({ name }) =>
    readdirSync(path.join(cacheRoot, name), { recursive: true, encoding: 'utf8' }).map((file) =>
      path.join(cacheRoot, name, file),
    ),
  );
  const found = files.find((file) => pattern.test(file));
  if (found === undefined) throw new Error('Run npm run test:vscode first: it installs the editor.');
  return found;
}
