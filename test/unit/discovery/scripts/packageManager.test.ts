import assert from 'node:assert/strict';
import type { Agent } from 'package-manager-detector';
import { describe, it } from 'vitest';
import {
  argumentPrefix,
  PackageManagers,
  runCommand,
} from '../../../../src/discovery/scripts/packageManager.js';

describe('The package manager of a package', () => {
  const lockFiles = {
    'package-lock.json': 'npm',
    'npm-shrinkwrap.json': 'npm',
    'yarn.lock': 'yarn',
    'pnpm-lock.yaml': 'pnpm',
    'pnpm-workspace.yaml': 'pnpm',
    'bun.lock': 'bun',
    'bun.lockb': 'bun',
    'deno.lock': 'deno',
  };
  for (const [lockFile, agent] of Object.entries(lockFiles)) {
    it(`is ${agent} if there is a ${lockFile}`, () => {
      assert.equal(managers({}, [lockFile]).managerOf(''), agent);
    });
  }

  it('is the one of the nearest folder upwards, or else npm', () => {
    const of = managers({ tools: 'bun' }, ['apps/yarn.lock', 'apps/old/package-lock.json']);
    const folders = ['', 'apps', 'apps/web', 'apps/old', 'tools/a/b', 'toolsmith'];
    assert.deepEqual(
      folders.map((folder) => of.managerOf(folder)),
      ['npm', 'yarn', 'yarn', 'npm', 'bun', 'npm'],
    );
  });

  it('is the one that package.json names, even next to the lock file of another one', () => {
    assert.equal(managers({ '': 'pnpm' }, ['package-lock.json']).managerOf(''), 'pnpm');
  });

  it('is no longer the one whose lock file or name is gone', () => {
    const all = managers({ '': 'pnpm' }, ['a/yarn.lock']);
    all.setPackage('', undefined);
    all.setLockFiles([]);
    assert.deepEqual([all.managerOf(''), all.managerOf('a')], ['npm', 'npm']);
  });

  it('is the one that the scripts call if nothing names one', () => {
    const all = new PackageManagers();
    all.setPackage('', JSON.stringify({ scripts: { dev: 'cd server && yarn dev', build: 'yarn build' } }));
    all.setPackage('mixed', JSON.stringify({ scripts: { dev: 'yarn dev', start: 'pnpm start' } }));
    all.setLockFiles(['locked/package-lock.json']);
    assert.deepEqual(
      ['', 'mixed', 'locked'].map((folder) => all.managerOf(folder)),
      ['yarn', 'npm', 'npm'],
    );
  });

  it('gets the name of the script as one argument', () => {
    const agents = ['npm', 'yarn', 'yarn@berry', 'pnpm', 'pnpm@6', 'bun', 'deno'] as const;
    assert.deepEqual(
      agents.map((agent) => runCommand(agent, 'dev web; id')),
      [
        { kind: 'argv', file: 'npm', args: ['run', 'dev web; id'] },
        { kind: 'argv', file: 'yarn', args: ['run', 'dev web; id'] },
        { kind: 'argv', file: 'yarn', args: ['run', 'dev web; id'] },
        { kind: 'argv', file: 'pnpm', args: ['run', 'dev web; id'] },
        { kind: 'argv', file: 'pnpm', args: ['run', 'dev web; id'] },
        { kind: 'argv', file: 'bun', args: ['run', 'dev web; id'] },
        { kind: 'argv', file: 'deno', args: ['task', 'dev web; id'] },
      ],
    );
  });

  it('passes arguments to a script after `--` if it needs that', () => {
    const agents = ['npm', 'yarn', 'yarn@berry', 'pnpm', 'bun', 'deno'] as const;
    assert.deepEqual(agents.map(argumentPrefix), [['--'], [], [], [], [], []]);
  });
});

function managers(named: Readonly<Record<string, Agent>>, locks: readonly string[]): PackageManagers {
  const all = new PackageManagers();
  for (const [folder, agent] of Object.entries(named))
    all.setPackage(folder, JSON.stringify({ packageManager: agent }));
  all.setLockFiles(locks);
  return all;
}
