import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, it, type TestContext } from 'vitest';
import type { RunId } from '../../../src/core/server/state.js';
import { freePort, isFree } from '../../support/processes.js';
import { ToolHost } from '../support/toolHost.js';

/** Listens a while after it has begun, and takes 1.5 s to end. */
const slow = `
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
const server = createServer((request, response) => response.end('ok'));
setTimeout(() => server.listen(3000, '0.0.0.0', () => console.log('http://localhost:3000/')), 4000);
process.on('SIGTERM', () => setTimeout(() => {
  writeFileSync('/app/goodbye', 'said');
  process.exit(0);
}, 1500));
`;

/** As the first process of a container, it gets only signals for which it has a handler. */
const deaf = `
import { createServer } from 'node:http';
createServer((request, response) => response.end('ok')).listen(3000, '0.0.0.0');
`;

const image = 'dev-server-registry-test';

describe('the containers of Docker Compose', () => {
  const host = new ToolHost();
  const isSkipped = !runs('info') || !runs('compose', 'version');
  beforeAll(() => {
    // An empty image: the program and its libraries come from this machine.
    const empty = execFileSync('tar', ['-c', '-T', '/dev/null']);
    if (!isSkipped) execFileSync('docker', ['import', '-', image], { input: empty });
  });
  afterAll(async () => {
    await host.end();
    if (!isSkipped) runs('image', 'rm', '--force', image);
  });

  function skip(context: TestContext): void {
    if (isSkipped) context.skip('Docker with Compose does not run');
    if (process.platform !== 'linux') context.skip('containers cannot run the Node of this machine');
  }

  /** Starts a project; resolves with its run and a function that returns the names of its running containers. */
  async function up(files: Readonly<Record<string, string>>, services: object, port: number) {
    const project = `dev-servers-${randomUUID()}`;
    const cwd = host.tools.project({ ...files, 'compose.yaml': { name: project, services } });
    const command = { kind: 'argv', file: 'docker', args: ['compose', 'up'] } as const;
    const run: RunId = await host.start(command, { cwd, env: host.tools.environment(), port });
    const endpoint = (await host.event(run, 'ready')).endpoint;
    const running = (): string =>
      execFileSync('docker', ['ps', '-q', '--filter', `label=com.docker.compose.project=${project}`], {
        encoding: 'utf8',
      });
    const remove = (): unknown => runs('compose', '-p', project, 'down', '--timeout', '0');
    return { run, cwd, endpoint, running, remove };
  }

  function service(script: string, more: object): object {
    const node = realpathSync(process.execPath);
    const folders = ['/usr', '/lib', '/lib64', dirname(node)].filter((folder) => existsSync(folder));
    const volumes = [...new Set(folders)].map((folder) => `${realpathSync(folder)}:${folder}:ro`);
    return { image, command: [node, `/app/${script}`], volumes: [...volumes, './:/app'], ...more };
  }

  it('are ready when their server listens, reach their end, and free the port', async (context) => {
    skip(context);
    const port = await freePort();
    const web = service('slow.mjs', { ports: [`${port}:3000`] });
    const { run, cwd, endpoint, running, remove } = await up({ 'slow.mjs': slow }, { web }, port);
    try {
      const url = `http://localhost:${port}/`;
      assert.deepEqual([endpoint?.url, endpoint?.listener], [url, 'published']);
      assert.equal(await (await fetch(url)).text(), 'ok');
      const report = await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 5000 });
      assert.deepEqual(report, { forced: false, survivors: [], busyPorts: [] });
      assert.deepEqual([running(), existsSync(join(cwd, 'goodbye')), await isFree(port)], ['', true, true]);
    } finally {
      remove();
    }
  });

  it('are not left running when their client takes longer than the grace of the server', async (context) => {
    skip(context);
    const port = await freePort();
    const services = {
      web: service('deaf.mjs', { ports: [`${port}:3000`], depends_on: ['db'], stop_grace_period: '2s' }),
      db: service('deaf.mjs', { stop_grace_period: '2s' }),
    };
    const { run, running, remove } = await up({ 'deaf.mjs': deaf }, services, port);
    try {
      const report = await host.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 500 });
      assert.deepEqual([report.forced, report.busyPorts, running()], [false, [], '']);
    } finally {
      remove();
    }
  });
});

/** Returns whether this command of Docker succeeds. */
function runs(...args: readonly string[]): boolean {
  return spawnSync('docker', args, { stdio: 'ignore' }).status === 0;
}
