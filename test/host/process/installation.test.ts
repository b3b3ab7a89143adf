import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { packageManagerOf } from '../../../src/core/commandLine/packageManager.js';
import { missingFiles } from '../../../src/folderSearch/missingFiles.js';
import { ToolHost } from '../support/toolHost.js';

/** A package that needs another one, which can be installed without a network, also as packages of one workspace. */
function files(dependency: string): Readonly<Record<string, object | string>> {
  return {
    'apps/web/package.json': {
      name: 'web',
      version: '1.0.0',
      scripts: { dev: 'serve-page' },
      devDependencies: { 'serve-page': dependency },
    },
    'tools/serve-page/package.json': {
      name: 'serve-page',
      version: '1.0.0',
      bin: { 'serve-page': 'serve.js' },
    },
    'tools/serve-page/serve.js': '#!/usr/bin/env node\nconsole.log("the page is served");\n',
  };
}

const inFolder = files('file:../../tools/serve-page');
const root = { name: 'root', private: true, workspaces: ['apps/*', 'tools/*'] };

/** Projects by their package managers. */
const projects = [
  ['npm', 'npm', inFolder],
  ['npm in a workspace', 'npm', { ...files('*'), 'package.json': root }],
  ['pnpm', 'pnpm', inFolder],
  [
    'pnpm in a workspace',
    'pnpm',
    { ...files('workspace:*'), 'package.json': root, 'pnpm-workspace.yaml': 'packages: [apps/*, tools/*]' },
  ],
  ['yarn 1', 'yarn1', inFolder],
  ['yarn 1 in a workspace', 'yarn1', { ...files('*'), 'package.json': root }],
  ['yarn 4', 'yarn4', inFolder],
  ['yarn 4 in a workspace', 'yarn4', { ...files('workspace:*'), 'package.json': root }],
  ['bun', 'bun', inFolder],
  ['bun in a workspace', 'bun', { ...files('workspace:*'), 'package.json': root }],
] as const;

describe('a server whose packages are not installed', () => {
  const host = new ToolHost();
  let folder = '';
  beforeAll(() => {
    // Not a project of the tools, whose packages are links to those of the tests.
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'dev-servers-installation-')));
  });
  afterAll(async () => {
    await host.end();
    rmSync(folder, { recursive: true, maxRetries: 5 });
  });

  for (const [name, manager, content] of projects) {
    it(`crashes, and runs after the installation: ${name}`, async () => {
      const project = join(folder, name.replaceAll(' ', '-'));
      for (const [path, text] of Object.entries(content)) {
        mkdirSync(dirname(join(project, path)), { recursive: true });
        const mode = path.endsWith('.js') ? 0o755 : 0o644;
        writeFileSync(join(project, path), typeof text === 'string' ? text : JSON.stringify(text), { mode });
      }
      const isYarn1 = manager === 'yarn1';
      const env = host.tools.environment(isYarn1 ? 'yarn1' : 'yarn4');
      const program = manager.replace(/\d$/u, '');
      const cwd = join(project, 'apps/web');
      const command = { kind: 'argv', file: program, args: ['run', 'dev'] } as const;

      const exit = async () => {
        const run = await host.start(command, { cwd, env });
        const output = host.watch(run);
        const end = await host.event(run, 'ended');
        return { status: end.exit, text: output.text() };
      };
      const { status } = await exit();
      assert.ok(status.kind === 'code' && status.code > 0, JSON.stringify(status));
      const missing = async () => (await missingFiles({ cwd, command }, project)).map(({ advice }) => advice);
      assert.deepEqual(await missing(), [`Install them there, for example with: ${program} install.`]);

      const installed = spawnSync(packageManagerOf({ command }) ?? '', ['install'], {
        cwd,
        env: { ...process.env, ...env, CI: '' },
        encoding: 'utf8',
      });
      assert.equal(installed.status, 0, installed.stdout + installed.stderr);
      assert.deepEqual(await missing(), []);
      assert.match((await exit()).text, /the page is served/u);
    });
  }
});
