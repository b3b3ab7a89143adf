import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from 'vitest';
import type { RunId } from '../../../src/core/server/state.js';
import { pidsWith } from '../../support/processes.js';
import { missingPrograms, skipWithout } from '../../support/skip.js';
import { fixture, TestHost } from '../support/testHost.js';
import { ToolHost } from '../support/toolHost.js';
import { TestTools, yarnLock, type ProjectFiles } from '../support/testTools.js';

const server = `node '${fixture('slowEnd.mjs')}'`;
const scripts = {
  dev: server,
  again: server,
  watch: `node --watch '${fixture('slowEnd.mjs')}'`,
  nodemon: `nodemon --quiet '${fixture('slowEnd.mjs')}'`,
  web: 'uvicorn app:app --port 0',
};

const app = { 'package.json': { name: 'app', scripts }, 'yarn.lock': yarnLock({ app: '.' }) };

const workspace = {
  'package.json': { name: 'root', private: true, workspaces: ['packages/*'] },
  'package-lock.json': { name: 'root', lockfileVersion: 3, packages: {} },
  'pnpm-workspace.yaml': 'packages: ["packages/*"]\n',
  'lerna.json': { version: '0.0.0', npmClient: 'npm' },
  'packages/web/package.json': { name: 'web', version: '0.0.0', scripts },
  'packages/api/package.json': { name: 'api', version: '0.0.0', scripts },
};

const yarnWorkspace = {
  ...workspace,
  'yarn.lock': yarnLock({ root: '.', web: 'packages/web', api: 'packages/api' }),
};

const turbo = {
  ...workspace,
  'package.json': { ...workspace['package.json'], packageManager: 'npm@10.9.9' },
  'turbo.json': {
    globalPassThroughEnv: ['SLOW_END_FILE'],
    tasks: { dev: { cache: false, persistent: true } },
  },
};

const makefile = { Makefile: `dev:\n\t${server}\n` };

/** Needs 1.5 s in its lifespan hook. */
const asgi = {
  ...app,
  'app.py': `
import asyncio, os
async def app(scope, receive, send):
    if scope['type'] != 'lifespan': return
    await receive()
    await send({'type': 'lifespan.startup.complete'})
    print('server listens', flush=True)
    await receive()
    await asyncio.sleep(1.5)
    open(os.environ['SLOW_END_FILE'], 'a').write('server: clean end after SIGTERM\\n')
    await send({'type': 'lifespan.shutdown.complete'})
`,
};

const wsgi = {
  'app.py': 'def app(environ, start):\n    start("200 OK", [])\n    return [b"ok"]\n',
  'settings.py': `
import os, time
bind = '127.0.0.1:0'
def when_ready(server): print('server listens', flush=True)
def on_exit(server):
    time.sleep(1.5)
    open(os.environ['SLOW_END_FILE'], 'a').write('server: clean end after SIGTERM\\n')
`,
};

const cluster = {
  'cluster.mjs': `
import cluster from 'node:cluster';
if (cluster.isPrimary) {
  cluster.fork();
  cluster.fork();
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => undefined);
} else await import(${JSON.stringify(fixture('slowEnd.mjs'))});
`,
};

/** Exits on the first signal, before its child. */
const hastyParent = {
  'parent.mjs': `
import { spawn } from 'node:child_process';
spawn('node', [${JSON.stringify(fixture('slowEnd.mjs'))}], { stdio: 'inherit' });
`,
};

const ptyModule = JSON.stringify(join(process.cwd(), 'node_modules/node-pty/lib/index.js'));

const terminalRunner = {
  'package.json': { name: 'app', scripts: { terminal: 'node runner.mjs' } },
  'runner.mjs': `
import pty from ${ptyModule};
const task = pty.spawn('/bin/sh', ['-c', ${JSON.stringify(server)}], { cols: 80 });
task.onData((data) => process.stdout.write(data));
task.onExit(({ exitCode }) => process.exit(exitCode));
`,
};

/** Runs make in a terminal, which passes the signal on. */
const makeRunner = {
  ...makefile,
  'runner.mjs': terminalRunner['runner.mjs'].replace(JSON.stringify(server), "'make dev'"),
};

/** Opens terminals for its users, with shells that ignore SIGTERM. */
const terminalServer = {
  'server.mjs': `
import pty from ${ptyModule};
pty.spawn('/bin/sh', ['-i'], { cols: 80 });
await import(${JSON.stringify(fixture('slowEnd.mjs'))});
`,
};

interface Row {
  readonly line: string;
  readonly files?: ProjectFiles;
  readonly servers?: number;
  readonly yarn?: 'yarn1';
  /** Programs of the system without which the row is skipped. */
  readonly needs?: readonly string[];
  /**
   * Number of signals that each server gets; one if it is missing. The programs named in docs/clean-ends.md send more.
   */
  readonly asked?: RegExp;
}

const once = /^(?:SIGTERM|SIGINT)$/;
const oneOrTwo = /^(?:SIGTERM|SIGINT)(?:, (?:SIGTERM|SIGINT))?$/;

const rows: readonly Row[] = [
  { line: server },
  { line: `cd . && ${server}` },
  { line: `true; ${server}; true` },
  { line: `${server} | cat` },
  { line: `bash -c "true; ${server}; true"`, needs: ['bash'] },
  { line: `zsh -c "true; ${server}; true"`, needs: ['zsh'] },
  { line: `fish -c "true; ${server}; true"`, needs: ['fish'] },
  { line: 'npm run dev', files: app },
  { line: 'npm run dev --workspace web', files: workspace },
  { line: 'pnpm run dev', files: app },
  { line: 'pnpm --recursive --parallel run dev', files: workspace, servers: 2 },
  { line: 'yarn dev', files: app, yarn: 'yarn1' },
  { line: 'yarn dev', files: app, asked: oneOrTwo },
  { line: 'run-p dev again', files: app, servers: 2 },
  { line: `concurrently "${server}" "${server}"`, files: app, servers: 2, asked: oneOrTwo },
  { line: 'lerna run dev --parallel', files: workspace, servers: 2, asked: oneOrTwo },
  { line: 'turbo run dev', files: turbo, servers: 2 },
  { line: `node --watch '${fixture('slowEnd.mjs')}'`, asked: oneOrTwo },
  { line: 'npm run watch', files: app, asked: oneOrTwo },
  { line: 'npm run nodemon', files: app, asked: /^SIG/ },
  { line: `tsx watch '${fixture('slowEnd.mjs')}'`, asked: oneOrTwo },
  { line: 'bun run dev', files: app, asked: oneOrTwo },
  { line: 'deno task dev', files: app, asked: oneOrTwo },
  { line: 'make dev', files: makefile, needs: ['make'] },
  { line: `timeout 1000 ${server}`, needs: ['timeout'] },
  { line: `script -qec "${server}" /dev/null`, needs: ['script'] },
  { line: 'node cluster.mjs', files: cluster, servers: 2 },
  { line: 'node parent.mjs', files: hastyParent },
  { line: 'node runner.mjs', files: terminalRunner },
  { line: 'npm run terminal', files: terminalRunner },
  { line: 'timeout 1000 node runner.mjs', files: terminalRunner, needs: ['timeout'] },
  { line: 'node runner.mjs', files: makeRunner, needs: ['make'] },
  { line: 'node server.mjs', files: terminalServer },
  { line: `python3 -c "import pty; pty.spawn(['node', '${fixture('slowEnd.mjs')}'])"`, needs: ['python3'] },
  { line: 'cd . && uvicorn app:app --port 0', files: asgi, needs: ['uvicorn'] },
  { line: 'npm run web', files: asgi, needs: ['uvicorn'] },
  { line: 'gunicorn -c settings.py app:app', files: wsgi, needs: ['gunicorn'] },
];

/** Folder of programs that are installed only for the nightly run. */
const wrappers = process.env['CLEAN_END_WRAPPERS'];

const wrapped = {
  'package.json': {
    name: 'app',
    scripts: { ...scripts, wireit: 'wireit', bnr: 'better-npm-run dev', watch: 'npm-watch dev' },
    betterScripts: { dev: server },
    watch: { dev: '*.json' },
    wireit: { wireit: { command: server, service: true, env: { SLOW_END_FILE: { external: true } } } },
  },
  '.env': 'A=1\n',
  'tsconfig.json': { compilerOptions: { types: [] } },
  'empty.ts': 'export {};\n',
  'build.gradle': `task dev(type: Exec) { commandLine 'node', '${fixture('slowEnd.mjs')}' }\n`,
  'slow.js': `import(${JSON.stringify(fixture('slowEnd.mjs'))});\n`,
  Procfile: `web: ${server}\napi: ${server}\n`,
  'tasks.py': `import invoke\n@invoke.task\ndef dev(c): c.run("""${server}""", pty=True)\n`,
  'supervisord.conf': `[supervisord]\nnodaemon=true\n[program:web]\ncommand=${server}\nstdout_logfile=/dev/stdout\nstdout_logfile_maxbytes=0\n`,
};

const nest = {
  'package.json': { name: 'app' },
  'nest-cli.json': { sourceRoot: 'src' },
  'tsconfig.json': { compilerOptions: { outDir: 'dist', rootDir: 'src', module: 'nodenext', types: [] } },
  'src/main.ts': `// @ts-ignore\nimport(${JSON.stringify(fixture('slowEnd.mjs'))});\n`,
};

const atLeastOnce = /^SIG/;

const nightlyRows: readonly Row[] = [
  { line: 'npx --no-install nodemon --version; npm run dev', files: wrapped },
  {
    line: 'pnpm exec node server.mjs',
    files: { ...app, 'server.mjs': `import ${JSON.stringify(fixture('slowEnd.mjs'))};` },
    asked: oneOrTwo,
  },
  { line: `cross-env A=1 ${server}`, files: wrapped, asked: oneOrTwo },
  { line: `dotenv -- ${server}`, files: wrapped, asked: oneOrTwo },
  { line: `dotenvx run -- ${server}`, files: wrapped, asked: atLeastOnce },
  { line: `env-cmd --silent -- ${server}`, files: wrapped },
  { line: `node-dev '${fixture('slowEnd.mjs')}'`, files: wrapped },
  { line: `pm2-runtime start '${fixture('slowEnd.mjs')}'`, files: wrapped },
  { line: 'tsnd --transpile-only slow.js', files: wrapped, asked: oneOrTwo },
  { line: 'npm run wireit', files: wrapped, asked: oneOrTwo },
  { line: 'nf start', files: wrapped, servers: 2, asked: oneOrTwo },
  { line: `bun --watch '${fixture('slowEnd.mjs')}'`, files: wrapped, asked: oneOrTwo },
  { line: `tini -s -- ${server}`, files: wrapped, needs: ['tini'], asked: oneOrTwo },
  { line: `dumb-init ${server}`, files: wrapped, needs: ['dumb-init'], asked: oneOrTwo },
  { line: `ls *.json | entr -nr ${server}`, files: wrapped, needs: ['entr'], asked: oneOrTwo },
  { line: 'foreman start', files: wrapped, servers: 2, needs: ['foreman'], asked: oneOrTwo },
  { line: 'supervisord -c supervisord.conf', files: wrapped, needs: ['supervisord'], asked: oneOrTwo },
  { line: `tmux -f /dev/null -L dev-servers new-session "${server}"`, files: wrapped, needs: ['tmux'] },
  { line: `screen -c /dev/null ${server}`, files: wrapped, needs: ['screen'] },
  { line: `unbuffer ${server}`, files: wrapped, needs: ['unbuffer'] },
  { line: `asciinema rec -c "${server}" record`, files: wrapped, needs: ['asciinema'] },
  { line: 'invoke dev', files: wrapped, needs: ['invoke'] },
  { line: 'hypercorn --workers 2 --bind 127.0.0.1:0 app:app', files: asgi, servers: 2, needs: ['hypercorn'] },
  { line: `dtach -c dtach.socket -z ${server}`, files: wrapped, needs: ['dtach'] },
  // Its daemon, which runs the server, belongs to the folder, and exits with the server.
  { line: 'gradle --console=plain -g gradle-home dev', files: wrapped, needs: ['gradle'] },
  { line: 'npm run bnr', files: wrapped },
  { line: 'npm run watch', files: wrapped },
  { line: `onchange -i '*.json' -- ${server}`, files: wrapped },
  { line: 'yarn workspace web dev', files: yarnWorkspace, yarn: 'yarn1' },
  { line: 'yarn workspace web dev', files: yarnWorkspace, asked: oneOrTwo },
  { line: 'nx dev web', files: { ...workspace, 'nx.json': {} } },
  { line: 'nest start --watch', files: nest, asked: oneOrTwo },
  { line: `bun --hot '${fixture('slowEnd.mjs')}'`, asked: oneOrTwo },
  { line: `tsc-watch --onSuccess "${server}"`, files: wrapped, asked: oneOrTwo },
];

/** Number of rows that run at the same time; they mostly wait. */
const maxRunning = 5;

describe('a server that needs 1.5 s to shut down', () => {
  let host: ToolHost;
  beforeAll(() => {
    host = new ToolHost();
  });
  afterAll(() => host.end());

  /** Starts the servers of a row. Returns the run, and a function that lists the signals of those that reached their end. */
  async function start({ line, files = app, servers = 1, yarn }: Row): Promise<Started> {
    const folder = host.tools.project(files);
    const file = join(folder, 'ends');
    writeFileSync(file, '');
    const tools = host.tools.environment(yarn);
    const path = [...(wrappers === undefined ? [] : [wrappers]), tools['PATH']].join(delimiter);
    const env = { ...tools, PATH: path, PM2_HOME: join(folder, 'pm2'), SLOW_END_FILE: file };
    const run = await host.shell(line, { cwd: folder, env });
    await host.watch(run).until(' listens', servers);
    const ends = (): string[] =>
      [...readFileSync(file, 'utf8').matchAll(/clean end after (.*)/g)].map(([, signals = '']) => signals);
    return { run, ends };
  }

  interface Started {
    readonly run: RunId;
    readonly ends: () => string[];
  }

  function assertEnds(ends: readonly string[], { servers = 1, asked = once }: Row): void {
    assert.equal(ends.length, servers, 'each reaches its end');
    for (const signals of ends) assert.match(signals, asked);
  }

  async function stop(row: Row): Promise<void> {
    const { run, ends } = await start(row);
    const report = await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 200_000 });
    assert.deepEqual([report, pidsWith(run)], [{ forced: false, survivors: [], busyPorts: [] }, []]);
    assertEnds(ends(), row);
  }

  async function interrupt(row: Row): Promise<void> {
    const { run, ends } = await start(row);
    host.client.input(run, '\u0003');
    const { survivors, interrupted } = await host.event(run, 'ended');
    assert.deepEqual([survivors, interrupted, pidsWith(run)], [[], true, []]);
    assertEnds(ends(), row);
  }

  const interrupted = /^(?:cd|npm run dev|yarn|pnpm run|node --watch)/;
  const cases = [
    ...[...rows, ...(wrappers === undefined ? [] : nightlyRows)].map((row) => ({
      row,
      what: 'at a stop',
      act: stop,
    })),
    ...rows
      .filter(({ line }) => interrupted.test(line))
      .map((row) => ({ row, what: 'after Ctrl+C in its terminal', act: interrupt })),
  ];
  const results = new Map<(typeof cases)[number], Promise<void>>();

  // Each test waits for its own row; the rows run side by side.
  beforeAll(() => {
    const due = cases.filter(({ row }) => missingPrograms(row.needs ?? []).length === 0);
    const running = Array.from({ length: maxRunning }, () => Promise.resolve());
    for (const [index, each] of due.entries()) {
      const lane = index % maxRunning;
      const result = (running[lane] ?? Promise.resolve()).then(() => each.act(each.row));
      results.set(each, result);
      running[lane] = result.catch(() => undefined);
    }
  });

  for (const each of cases) {
    const { row, what } = each;
    const name = row.line.replaceAll(fixture('slowEnd.mjs'), 'server.mjs') + (row.yarn ? ' (yarn 1)' : '');
    it(`gets it ${what}: ${name}`, async (context) => {
      skipWithout(context, ...(row.needs ?? []));
      await results.get(each);
    });
  }
});

describe('a server below npm that needs time to shut down', () => {
  const plan = { signal: 'SIGTERM', graceMs: 200_000 } as const;
  const cleanEnd = 'server: clean end after SIGTERM\n';
  let host: TestHost;
  let tools: TestTools;
  beforeEach(() => {
    host = new TestHost();
    tools = new TestTools();
  });
  afterEach(() => tools.end());

  async function start(folder: string, file: string, neededMs = 1500): Promise<RunId> {
    const env = { ...tools.environment(), SLOW_END_FILE: file, SLOW_END_MS: String(neededMs) };
    const run = await host.shell('npm run dev', { cwd: folder, env });
    await host.watch(run).until(' listens');
    return run;
  }

  it('gets it when its window closes', async () => {
    const folder = tools.project(app);
    // A closing window allows two seconds, of which a busy machine may take most.
    await start(folder, join(folder, 'ends'), 400);
    await host.end();
    assert.equal(readFileSync(join(folder, 'ends'), 'utf8'), cleanEnd);
  });

  it('gets it at each restart', async () => {
    const folder = tools.project(app);
    const ends = join(folder, 'ends');
    await host.client.stop({ runId: await start(folder, ends), ...plan });
    await host.client.stop({ runId: await start(folder, ends), ...plan });
    assert.equal(readFileSync(ends, 'utf8'), cleanEnd.repeat(2));
    await host.end();
  });

  it('gets it when all servers are stopped at once', async () => {
    const folder = tools.project(app);
    const files = ['one', 'two', 'three'].map((name) => join(folder, name));
    const runs = await Promise.all(files.map((file) => start(folder, file)));
    await Promise.all(runs.map((runId) => host.client.stop({ runId, ...plan })));
    assert.deepEqual(
      files.map((file) => readFileSync(file, 'utf8')),
      files.map(() => cleanEnd),
    );
    await host.end();
  });

  it('gets it when its terminal is closed during the stop', async () => {
    const folder = tools.project(app);
    const run = await start(folder, join(folder, 'ends'));
    const close = host.client.attach(run, 80, 24, () => undefined);
    const stopped = host.client.stop({ runId: run, ...plan });
    close();
    host.client.forget(run);
    assert.deepEqual(await stopped, { forced: false, survivors: [], busyPorts: [] });
    assert.equal(readFileSync(join(folder, 'ends'), 'utf8'), cleanEnd);
    await host.end();
  });
});
