import assert from 'node:assert/strict';
import { argumentPrefix, packageManagers, runCommand } from '../../../src/discovery/packageManager.js';
import { FakeFiles } from './fakes.js';

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
    it(`is ${agent} where ${lockFile} lies`, async () => {
      assert.equal(
        await packageManagers({ named: new Map(), files: new FakeFiles({ [lockFile]: '' }) })(''),
        agent,
      );
    });
  }

  it('is what the nearest folder on the way up says, and npm where none says anything', async () => {
    const files = new FakeFiles({
      'package.json': '{}',
      'apps/yarn.lock': '',
      'apps/web/package.json': '{}',
      'apps/old/package-lock.json': '',
      'tools/a/b/package.json': '{}',
    });
    const managerOf = packageManagers({ named: new Map([['tools', 'bun']]), files });
    const folders = ['', 'apps', 'apps/web', 'apps/old', 'tools/a/b', 'toolsmith'];
    const agents = await Promise.all(folders.map(async (folder) => managerOf(folder)));
    assert.deepEqual(agents, ['npm', 'yarn', 'yarn', 'npm', 'bun', 'npm']);
  });

  it('is the one that package.json names even beside the lock file of another', async () => {
    const files = new FakeFiles({ 'package-lock.json': '' });
    assert.equal(await packageManagers({ named: new Map([['', 'pnpm']]), files })(''), 'pnpm');
  });

  it('is found by looking into each folder once', async () => {
    const files = new FakeFiles({ 'package.json': '{}' });
    const managerOf = packageManagers({ named: new Map(), files });
    await Promise.all(['a/b', 'a/c', 'a/b', 'a', ''].map(async (folder) => managerOf(folder)));
    assert.deepEqual(files.listed.toSorted(), ['', 'a', 'a/b', 'a/c']);
  });

  it('is npm where folders cannot be listed', async () => {
    const files = new FakeFiles({});
    files.fileNames = async () => {
      throw new Error('EACCES');
    };
    assert.equal(await packageManagers({ named: new Map(), files })('a/b'), 'npm');
  });

  it('gets the name of the script as one word', () => {
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

  it('hands words to a script behind its own dashes where it wants them', () => {
    const agents = ['npm', 'yarn', 'yarn@berry', 'pnpm', 'bun', 'deno'] as const;
    assert.deepEqual(agents.map(argumentPrefix), [['--'], [], [], [], [], []]);
  });
});
