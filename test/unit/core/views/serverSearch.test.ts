import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { ServerState } from '../../../../src/core/server/state.js';
import { matchesWords, searchText } from '../../../../src/core/views/serverSearch.js';
import { definition, endpoint } from '../support/fakes.js';

const stopped: ServerState = { kind: 'stopped', lastEnd: undefined };

describe('the search for a server', () => {
  it('finds a stopped server by the port in its script', () => {
    const web = definition('dev', { script: { body: 'vite --port 3000', argumentPrefix: ['--'] } });
    assert.ok(matchesWords(searchText({ definition: web, state: stopped, retired: false }), 'dev 3000'));
  });

  it('finds a running server by the port it uses, and not by the one in its script', () => {
    const web = definition('dev', { script: { body: 'vite --port 3000', argumentPrefix: ['--'] } });
    const process = { pid: 1, startTime: '1', bootId: 'boot' };
    const state: ServerState = {
      kind: 'ready',
      run: { id: 'run', process, startedAt: 0, startedTick: 0 },
      endpoint: endpoint('http://localhost:3001/'),
    };
    const text = searchText({ definition: web, state, retired: false });
    assert.ok(matchesWords(text, ':3001 dev'));
    assert.ok(!matchesWords(text, '3000'));
  });
});
