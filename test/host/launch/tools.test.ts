import { afterEach, beforeEach, describe, it } from 'vitest';
import { ToolHost } from '../support/toolHost.js';
import { yarnLock, type ProjectFiles } from '../support/testTools.js';

const server = "console.log('served by ' + process.env.npm_config_user_agent); setInterval(() => {}, 1000);";
const scripts = { dev: 'node server.mjs' };

const app = {
  'package.json': { name: 'app', scripts },
  'server.mjs': server,
  'yarn.lock': yarnLock({ app: '.' }),
};

/** A workspace of two packages, one of which has a server. */
const workspace = {
  'package.json': { name: 'root', private: true, workspaces: ['packages/*'] },
  'package-lock.json': { name: 'root', lockfileVersion: 3, packages: {} },
  'pnpm-workspace.yaml': 'packages: ["packages/*"]\n',
  'yarn.lock': yarnLock({ root: '.', web: 'packages/web', lib: 'packages/lib' }),
  'nx.json': {},
  'lerna.json': { version: '0.0.0', npmClient: 'npm' },
  'packages/web/package.json': { name: 'web', version: '0.0.0', scripts },
  'packages/web/server.mjs': server,
  'packages/lib/package.json': { name: 'lib', version: '0.0.0' },
};

/** Turbo needs the name of a package manager, which the other ones refuse. */
const turbo = {
  ...workspace,
  'package.json': { ...workspace['package.json'], packageManager: 'npm@10.9.9' },
  'turbo.json': { tasks: { dev: { cache: false, persistent: true } } },
};

const nest = {
  'package.json': { name: 'app' },
  'nest-cli.json': { sourceRoot: 'src' },
  'tsconfig.json': { compilerOptions: { outDir: 'dist', rootDir: 'src', module: 'commonjs', types: [] } },
  'src/main.ts': `declare const process: any; declare const console: any; declare const setInterval: any; ${server}`,
};

const rows: readonly (readonly [line: string, files: ProjectFiles, output: string, yarn?: 'yarn1'])[] = [
  ['npm run dev', app, 'served by npm/10'],
  ['pnpm run dev', app, 'served by pnpm/10'],
  ['yarn dev', app, 'served by yarn/1', 'yarn1'],
  ['yarn dev', app, 'served by yarn/4'],
  ['bun run dev', app, 'served by bun/1'],
  ['deno task dev', app, 'served by deno/2'],
  ['bun --hot server.mjs', app, 'served by'],
  ['deno run --allow-env --watch server.mjs', app, 'served by'],
  ['nodemon server.mjs', app, 'served by'],
  ['tsx watch server.mjs', app, 'served by'],
  ['concurrently "node server.mjs"', app, 'served by'],
  ['run-p dev', app, 'served by'],
  ['nest start --watch', nest, 'served by'],
  ['npm run dev --workspace web', workspace, 'served by npm/10'],
  ['pnpm --recursive run dev', workspace, 'served by pnpm/10'],
  ['yarn workspace web dev', workspace, 'served by yarn/1', 'yarn1'],
  ['yarn workspace web dev', workspace, 'served by yarn/4'],
  ['nx dev web', workspace, 'served by'],
  ['lerna run dev', workspace, 'served by'],
  ['turbo run dev', turbo, 'served by'],
];

describe('a tool of the tests', () => {
  let host: ToolHost;
  beforeEach(() => {
    host = new ToolHost();
  });
  afterEach(() => host.end());

  for (const [line, files, output, yarn] of rows) {
    it(`serves without network and installation: ${line}${yarn ? ' (1)' : ''}`, async () => {
      const run = await host.shell(line, {
        cwd: host.tools.project(files),
        env: host.tools.environment(yarn),
      });
      await host.watch(run).until(output);
    });
  }
});
