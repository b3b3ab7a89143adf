import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { discoveryOf, FakeFiles } from '../../support/fakes.js';

const scripts = {
  'package.json': { scripts: { dev: 'vite --port 3000', docs: 'vitepress dev' } },
  'apps/api/package.json': { scripts: { dev: 'nodemon --port 4000 server.js' } },
};

/** Returns the servers of a workspace with these files, each with its labels. */
async function labels(files: Readonly<Record<string, string>>): Promise<unknown> {
  const discovery = discoveryOf(new FakeFiles({ ...scripts, ...files }));
  await discovery.update();
  return discovery.discovery.definitions.map(({ id, portLabel, portLabels }) => [id, portLabel, portLabels]);
}

const webApp = `{
  // A comment, and a trailing comma.
  "forwardPorts": [3000, "db:5432"],
  "portsAttributes": {
    "3000": { "label": "Web app", "onAutoForward": "notify" },
    "40000-55000": { "label": "Range" },
    ".+\\\\/server.js": { "label": "Expression" },
    "70000": { "label": "No port" },
    "5432": { "onAutoForward": "silent" },
    "8025": { "label": "" },
  },
}`;

describe('The labels of ports in devcontainer.json', () => {
  for (const file of [
    '.devcontainer.json',
    '.devcontainer/devcontainer.json',
    '.devcontainer/web/devcontainer.json',
  ])
    it(`are those of ${file}`, async () => {
      assert.deepEqual(await labels({ [file]: webApp }), [
        ['shop:dev', 'Web app', { 3000: 'Web app' }],
        ['shop:docs', undefined, { 3000: 'Web app' }],
        ['shop/apps/api:dev', undefined, { 3000: 'Web app' }],
      ]);
    });

  it('come from the first file of the nearest folder', async () => {
    const label = (port: number, text: string): string =>
      JSON.stringify({ portsAttributes: { [port]: { label: text } } });
    assert.deepEqual(
      await labels({
        '.devcontainer/devcontainer.json': label(4000, 'Above'),
        'apps/api/.devcontainer/a/devcontainer.json': label(4000, 'API'),
        'apps/api/.devcontainer/b/devcontainer.json': label(4000, 'Second'),
      }),
      [
        ['shop:dev', undefined, { 4000: 'Above' }],
        ['shop:docs', undefined, { 4000: 'Above' }],
        ['shop/apps/api:dev', 'API', { 4000: 'API' }],
      ],
    );
  });

  it('leave a server the same object until one of them changes', async () => {
    const files = new FakeFiles({ ...scripts, '.devcontainer.json': webApp });
    const discovery = discoveryOf(files);
    await discovery.update();
    const [before] = discovery.discovery.definitions;
    files.write('apps/api/package.json', { scripts: { dev: 'nodemon --port 4001 server.js' } });
    await discovery.update(new Set(['apps/api/package.json']));
    assert.equal(discovery.discovery.definitions[0], before);
    files.write('.devcontainer.json', webApp.replace('Web app', 'Shop'));
    await discovery.update(new Set(['.devcontainer.json']));
    assert.equal(discovery.discovery.definitions[0]?.portLabel, 'Shop');
  });

  it('are ignored in a file that is not a dev container', async () => {
    for (const text of ['', '[]', '{"portsAttributes": [1]}', '{"portsAttributes": {"3000": "x"}}'])
      assert.deepEqual(((await labels({ '.devcontainer.json': text })) as unknown[][])[0], [
        'shop:dev',
        undefined,
        undefined,
      ]);
  });
});
