import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { readyRule } from '../../../../src/core/readiness/readyRule.js';
import { startRequest } from '../../../../src/core/lifecycle/startRequest.js';
import { definition } from '../support/fakes.js';

describe('the request that starts a server', () => {
  const ready = readyRule(undefined, undefined);
  const stop = { signal: 'SIGINT', graceMs: 7000 } as const;
  const policies = { readyPolicy: { rule: () => ready }, stopPolicy: { plan: () => stop } };

  it('contains the definition and the settings', () => {
    const environment = { terminal: { PATH: 'x', A: null }, shell: 'always' } as const;
    const files = ['/shop/.env', '/shop/.env.local'];
    assert.deepEqual(
      startRequest('run-1', definition('dev', { envFiles: files, env: { A: '1' }, port: 3000 }), {
        ...policies,
        environmentPolicy: { of: () => environment },
      }),
      {
        runId: 'run-1',
        serverId: 'dev',
        folder: 'shop',
        command: { kind: 'argv', file: 'npm', args: ['run', 'dev'] },
        cwd: '/shop',
        env: { A: '1' },
        envFiles: files,
        environment,
        port: 3000,
        ready,
        stop,
      },
    );
  });

  it('omits files and environment if there are none', () => {
    const { envFiles, environment } = startRequest('run-1', definition('dev'), policies);
    assert.deepEqual([envFiles, environment], [undefined, undefined]);
  });
});
