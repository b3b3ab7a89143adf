import assert from 'node:assert/strict';
import type { WorkspaceFolder } from 'vscode';
import { beforeEach, describe, it } from 'vitest';
import type { ServerDefinition } from '../../../../src/core/server/definition.js';
import { isFolder } from '../../../../src/host/system/boundedReads.js';
import { Definitions } from '../../../../src/vscode/workspace/definitions.js';
import type { ServerFinder } from '../../../../src/vscode/workspace/serverFinder.js';
import { FakeTime, settled } from '../../core/support/fakeTime.js';
import { definition, held, world as registryWorld } from '../../core/support/fakes.js';
import { editor, events, fileUri, type FakeWatcher } from '../support/fakeEditor.js';

/** Finds the servers that a test gives it. */
class FakeFinder implements ServerFinder {
  readonly watched = '**/package.json';
  /** The folders that were searched, each with the files that were read again, or `all`. */
  readonly updates: string[] = [];
  found: Record<string, readonly ServerDefinition[]> = {};
  partial: readonly ServerDefinition[] = [];
  problems: readonly string[] = [];
  /** Runs inside a search. */
  during: (folder: WorkspaceFolder, onStep: () => void) => Promise<void> = () => Promise.resolve();

  matters(path: string): boolean {
    return path.endsWith('package.json');
  }

  hasFilesIn(_folder: WorkspaceFolder, path: string): boolean {
    return path === 'packages/web';
  }

  async update(
    folder: WorkspaceFolder,
    changes: ReadonlySet<string> | undefined,
    onStep: () => void,
  ): Promise<void> {
    this.updates.push(`${folder.name}: ${changes ? [...changes].join(' ') : 'all'}`);
    await this.during(folder, onStep);
  }

  partialResults(): readonly ServerDefinition[] {
    return this.partial;
  }

  results({ name }: WorkspaceFolder): ReturnType<ServerFinder['results']> {
    return Promise.resolve({ definitions: this.found[name] ?? [], problems: this.problems });
  }
}

async function world({ failingLoads = 0 } = {}) {
  const { registry, log } = await registryWorld();
  const time = new FakeTime();
  const finder = new FakeFinder();
  const reported: (readonly string[])[] = [];
  const removed = new Set<string>();
  let loads = 0;
  const definitions = new Definitions({
    registry,
    ways: { apply: (all) => all },
    load: () => {
      loads += 1;
      return loads <= failingLoads ? Promise.reject(new Error('EMFILE')) : Promise.resolve(finder);
    },
    timer: time,
    isFolder,
    isRemoved: (path) => Promise.resolve(removed.has(path)),
    log: { info: () => undefined, error: (message) => void log.push(message) },
    onProblems: (problems) => reported.push(problems),
  });
  const listed = (): string[] => registry.current.servers.map(({ definition: { id } }) => id);
  return { definitions, finder, registry, time, log, reported, removed, listed, loads: () => loads };
}

/** The watcher of the files that the finder names. */
function fileWatcher(): FakeWatcher {
  return watcher('**/package.json');
}

function watcher(glob: string): FakeWatcher {
  const found = editor.watchers.find((each) => each.glob === glob);
  assert.ok(found, `nothing watches ${glob}`);
  return found;
}

describe('the definitions of a window', () => {
  beforeEach(() => editor.reset('shop', 'blog'));

  it('load the finder and search each folder once for all callers', async () => {
    const { definitions, finder, listed, loads } = await world();
    finder.found = { shop: [definition('shop:dev')], blog: [definition('blog:dev')] };
    assert.deepEqual([loads(), editor.watchers.length], [0, 0]);
    await Promise.all([definitions.whenScanned(), definitions.whenScanned(), definitions.whenFirstResults()]);
    assert.deepEqual(
      { loads: loads(), updates: finder.updates, listed: listed(), contexts: editor.contexts },
      {
        loads: 1,
        updates: ['shop: all', 'blog: all'],
        listed: ['shop:dev', 'blog:dev'],
        contexts: { 'devServers.discovered': true },
      },
    );
  });

  it('say that they cannot be searched, and are searched at the next request', async () => {
    const { definitions, finder, listed } = await world({ failingLoads: 1 });
    finder.found = { shop: [definition('shop:dev')] };
    await assert.rejects(Promise.all([definitions.whenFirstResults(), definitions.whenScanned()]), /EMFILE/);
    await definitions.whenFirstResults();
    assert.deepEqual([listed(), editor.watchers.length], [['shop:dev'], 2]);
  });

  it('include the servers of a git worktree until it is removed, and again when it is back', async () => {
    const { definitions, finder, listed, removed } = await world();
    finder.found = { shop: [definition('shop:dev')] };
    const servers = [definition('fix:dev')];
    await definitions.setWorktree('/fix', servers);
    assert.deepEqual(listed(), ['shop:dev', 'fix:dev']);
    removed.add('/fix');
    await definitions.rescan();
    await settled();
    assert.deepEqual(listed(), ['shop:dev']);
    removed.clear();
    await definitions.setWorktree('/fix', servers);
    assert.deepEqual(listed(), ['shop:dev', 'fix:dev']);
  });

  it('report a problem once that all folders share', async () => {
    const { definitions, finder, reported } = await world();
    finder.problems = ['devServers.servers[0]: the "command" is missing.'];
    await definitions.whenScanned();
    assert.deepEqual(reported, [finder.problems]);
  });

  it('are searched once for changes that follow each other, and only for the files that changed', async () => {
    const { definitions, finder, time } = await world();
    await definitions.whenScanned();
    finder.updates.length = 0;
    for (const name of ['web', 'api']) {
      fileWatcher().created.fire(fileUri(`/shop/${name}/package.json`));
      await time.pass(80);
    }
    assert.deepEqual(finder.updates, []);
    fileWatcher().changed.fire(fileUri('/shop/web/package.json'));
    await time.pass(100);
    assert.deepEqual(finder.updates, ['shop: web/package.json api/package.json', 'blog: ']);
  });

  it('ignore changes of other files', async () => {
    const { definitions, finder, time } = await world();
    await definitions.whenScanned();
    finder.updates.length = 0;
    fileWatcher().changed.fire(fileUri('/shop/readme.md'));
    fileWatcher().changed.fire(fileUri('/elsewhere/package.json'));
    watcher('**').deleted.fire(fileUri('/shop/docs'));
    await time.pass(1000);
    assert.deepEqual({ updates: finder.updates, waits: time.waits }, { updates: [], waits: [] });
  });

  it('are searched when a folder that held servers is deleted', async () => {
    const { definitions, finder, time } = await world();
    await definitions.whenScanned();
    finder.updates.length = 0;
    watcher('**').deleted.fire(fileUri('/shop/packages/web'));
    await time.pass(100);
    assert.deepEqual(finder.updates, ['shop: packages/web', 'blog: ']);
  });

  it('are searched once more for all calls during a search', async () => {
    const { definitions, finder } = await world();
    await definitions.whenScanned();
    finder.updates.length = 0;
    const gate = held();
    finder.during = () => gate.promise;
    const first = definitions.rescan();
    await settled();
    const others = [definitions.rescan(), definitions.rescan(), definitions.rescan()];
    await settled();
    assert.equal(finder.updates.length, 2, 'a second search has begun during the first');
    gate.release();
    await Promise.all([first, ...others]);
    assert.deepEqual(finder.updates, ['shop: all', 'blog: all', 'shop: all', 'blog: all']);
  });

  it('are listed as they are found during the search, beside the earlier ones', async () => {
    const { definitions, finder, listed } = await world();
    const gate = held();
    finder.partial = [definition('shop:early')];
    finder.found = { shop: [definition('shop:early'), definition('shop:late')] };
    finder.during = ({ name }, onStep) => {
      if (name === 'shop') onStep();
      return gate.promise;
    };
    await definitions.whenFirstResults();
    const early = listed();
    gate.release();
    await definitions.whenScanned();
    assert.deepEqual(
      [new Set(early), listed()],
      [new Set(['shop:early', 'a', 'b', 'c']), ['shop:early', 'shop:late']],
    );
  });

  it('report their problems once, until there are others', async () => {
    const { definitions, finder, reported, log } = await world();
    finder.problems = ['package.json is not valid'];
    editor.reset('shop');
    await definitions.whenScanned();
    await definitions.rescan();
    finder.problems = [];
    await definitions.rescan();
    finder.problems = ['package.json is not valid', 'Procfile is not valid'];
    await definitions.rescan();
    assert.deepEqual(
      { reported, log },
      {
        reported: [['package.json is not valid'], ['package.json is not valid', 'Procfile is not valid']],
        log: ['package.json is not valid', 'package.json is not valid', 'Procfile is not valid'],
      },
    );
  });

  it('are those of the other folders when one cannot be searched, which is a problem', async () => {
    const { definitions, finder, reported, listed } = await world();
    finder.found = { blog: [definition('blog:dev')] };
    finder.during = ({ name }) => (name === 'shop' ? Promise.reject(new Error('EACCES')) : Promise.resolve());
    await definitions.whenScanned();
    assert.deepEqual(
      { listed: listed(), reported },
      { listed: ['blog:dev'], reported: [['shop: Error: EACCES']] },
    );
  });

  it('keep servers that were added, unless the workspace has one with that id', async () => {
    const { definitions, finder, registry } = await world();
    finder.found = { shop: [definition('shop:dev', { name: 'found' })] };
    await definitions.add(definition('shop:dev', { name: 'added' }));
    await definitions.add(definition('shop:agent', { name: 'added' }));
    await definitions.rescan();
    const names = registry.current.servers.map(({ definition: { id, name } }) => `${id} ${name}`);
    assert.deepEqual(names, ['shop:dev found', 'shop:agent added']);
  });

  it('are empty in a workspace until it is trusted', async () => {
    editor.isTrusted = false;
    const { definitions, finder, time, listed } = await world();
    finder.found = { shop: [definition('shop:dev')] };
    await definitions.whenScanned();
    const before = [listed(), finder.updates.length];
    editor.grantTrust();
    await time.pass(100);
    assert.deepEqual([before, listed()], [[[], 0], ['shop:dev']]);
  });

  it('are searched again after a change of a search setting, and only read again for the setting with servers', async () => {
    const { definitions, finder, time } = await world();
    await definitions.whenScanned();
    for (const setting of ['devServers.servers', 'devServers.discovery.compose', 'devServers.maxServers']) {
      finder.updates.push(setting);
      editor.changeSettings({ [setting]: true });
      await time.pass(100);
    }
    assert.deepEqual(finder.updates.slice(2), [
      'devServers.servers',
      'shop: ',
      'blog: ',
      'devServers.discovery.compose',
      'shop: all',
      'blog: all',
      'devServers.maxServers',
    ]);
  });

  it('are searched again when folders are added or removed', async () => {
    const { definitions, finder, time } = await world();
    await definitions.whenScanned();
    finder.updates.length = 0;
    editor.setFolders('shop', 'blog', 'docs');
    events.folders.fire({ removed: [] });
    await time.pass(100);
    assert.deepEqual(finder.updates, ['shop: all', 'blog: all', 'docs: all']);
  });

  it('are no longer searched once disposed of', async () => {
    const { definitions, finder, time } = await world();
    await definitions.whenScanned();
    finder.updates.length = 0;
    fileWatcher().created.fire(fileUri('/shop/package.json'));
    definitions.dispose();
    events.folders.fire({ removed: [] });
    await time.pass(1000);
    assert.deepEqual(
      { updates: finder.updates, watching: editor.watchers.filter(({ isDisposed }) => !isDisposed) },
      { updates: [], watching: [] },
    );
  });

  it('log why they cannot be found, and keep no caller waiting', async () => {
    const { definitions, finder, log } = await world();
    finder.results = () => Promise.reject(new Error('EIO'));
    await definitions.whenFirstResults();
    await definitions.whenScanned();
    assert.deepEqual(log, ['The workspace could not be scanned']);
  });
});
