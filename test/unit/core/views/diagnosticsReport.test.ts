import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { diagnosticsReport } from '../../../../src/core/views/diagnosticsReport.js';
import { endpoint, definition } from '../support/fakes.js';

const process = { pid: 4711, startTime: '7', bootId: 'b' };
const startedBy = { kind: 'restart', of: { kind: 'agent', name: 'Copilot', caller: 'Copilot' } } as const;
const run = { id: 'r', process, startedAt: 0, startedTick: 0, startedBy };

describe('the diagnostics', () => {
  it('say how things stand, and hide the values of environment variables', () => {
    const text = diagnosticsReport({
      versions: { extension: '1.2.3' },
      settings: { stopTimeout: 5 },
      snapshot: {
        version: 9,
        closed: false,
        servers: [
          {
            definition: definition('web', { env: { TOKEN: 'secret', HOST: 'x' }, port: 5173 }),
            state: { kind: 'ready', run, endpoint: endpoint('http://localhost:5173/') },
            retired: false,
          },
          { definition: definition('api'), state: { kind: 'stopped', lastEnd: undefined }, retired: false },
        ],
      },
      lock: { acquisitions: 12, waiting: 0, maxHoldMs: 0.5, p99HoldMs: 0.25 },
      processHostPid: 99,
      ledger: ['process host 99: 1 servers'],
    });
    assert.equal(
      text,
      `# Dev Server Registry: diagnostics

## Versions

- extension: 1.2.3

## Settings in force

- stopTimeout: 5

## Registry

- version: 9
- servers: 2
- web: ready pid 4711 http://localhost:5173/ started by Copilot, restarted automatically; \`npm run web\` in /shop, port: 5173, env: TOKEN, HOST (values hidden)
- api: stopped; \`npm run api\` in /shop

## Ports

- http://localhost:5173/: web, pid 4711

## Lock of the registry

- acquisitions: 12, waiting: 0
- longest hold: 0.500 ms, 99 of 100 recent: 0.250 ms

## Process host

- pid 99

## Ledger

- process host 99: 1 servers`,
    );
  });

  it('say so when there is nothing', () => {
    const text = diagnosticsReport({
      versions: {},
      settings: {},
      snapshot: { version: 0, closed: true, servers: [] },
      lock: { acquisitions: 0, waiting: 0, maxHoldMs: 0, p99HoldMs: 0 },
      processHostPid: undefined,
      ledger: [],
    });
    assert.match(text, /version: 0, closed\n- servers: 0[^]*- not started[^]*- empty/);
  });
});
