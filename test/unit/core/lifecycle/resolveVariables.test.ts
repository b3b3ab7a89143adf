import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { stateText } from '../../../../src/core/views/stateText.js';
import { definition, endpoint, english, world } from '../support/fakes.js';

const variables = {
  shell: '/bin/sh',
  env: (name: string) => (name === 'MODE' ? 'fast' : undefined),
  workspaceFolder: () => '/home/ann/shop',
};

const web = definition('web', {
  source: 'configuration',
  command: { kind: 'argv', file: 'serve', args: ['--api', '${url:api}', '--port=${port}', '${env:MODE}'] },
  env: { ROOT: '${workspaceFolder}', API_PORT: '${port:api}' },
  port: 3000,
});

describe('a start of a server with variables', () => {
  it('is given the values of that moment', async () => {
    const { registry, lifecycle, processes } = await world({ deps: { variables } });
    await registry.define([definition('api'), web]);
    await lifecycle.start('api');
    processes.emit({ kind: 'ready', runId: 'api-1', endpoint: endpoint('http://localhost:4000/') });
    await registry.snapshot();
    await lifecycle.start('web', { port: 3001 });
    const request = processes.alive.get('web-2');
    assert.deepEqual(
      [request?.command, request?.env, request?.port],
      [
        { kind: 'argv', file: 'serve', args: ['--api', 'http://localhost:4000', '--port=3001', 'fast'] },
        { ROOT: '/home/ann/shop', API_PORT: '4000', PORT: '3001' },
        3001,
      ],
    );
    assert.equal(registry.get('web').definition, web);
  });

  it('fails with the variable that has no value, and leaves nothing behind', async () => {
    const { registry, lifecycle, processes } = await world({ deps: { variables } });
    await registry.define([definition('api'), web]);
    await assert.rejects(lifecycle.start('web'), {
      reason: 'badRequest',
      message: 'web needs ${port:api}, but api has none at the moment.',
    });
    assert.deepEqual(
      [stateText(registry.get('web').state, english), processes.calls],
      ['failed: web needs ${port:api}, but api has none at the moment', []],
    );
  });
});
