import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { diagnosticsReport } from '../../../../src/core/views/diagnosticsReport.js';
import { endpoint, definition } from '../support/fakes.js';

const process = { pid: 4711, startTime: '7', bootId: 'b' };
const startedBy = { kind: 'restart', of: { kind: 'agent', name: 'Copilot', caller: 'Copilot' } } as const;
const run = { id: 'r', process, startedAt: 0, startedTick: 0, startedBy };

describe('the diagnostics', () => {
  it('describe the state, and hide the values of environment variables', () => {
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

  it('show texts of the workspace in one line, without secrets, and never as Markdown', () => {
    const line = 'node a.js --token hunter2\n## Fake\n![i](https://evil.test/t.png) ` \u202e';
    const env = { 'A[x](command:y)': '1' };
    const facts = { command: { kind: 'shell', line }, cwd: '/a\n@someone #1', env } as const;
    const id = '[x](command:y) <img>';
    const at = 'https://me:secret1@evil.test/';
    const text = diagnosticsReport({
      versions: {},
      settings: { 'devServers.a': '**b**' },
      snapshot: {
        version: 0,
        closed: false,
        servers: [
          {
            definition: definition(id, facts),
            state: { kind: 'ready', run, endpoint: endpoint(at) },
            retired: false,
          },
        ],
      },
      lock: { acquisitions: 0, waiting: 0, maxHoldMs: 0, p99HoldMs: 0 },
      processHostPid: undefined,
      ledger: ['<b>run</b>'],
    });
    const shownAt = '`https://me:[hidden]@evil.test/`';
    assert.deepEqual(
      text.split('\n').filter((each) => /[[<*]|Fake/u.test(each)),
      [
        '- devServers.a: `**b**`',
        `- \`${id}\`: ready pid 4711 ${shownAt} started by Copilot, restarted automatically; \`\` node a.js --token [hidden] ## Fake ![i](https://evil.test/t.png) \` \\u202e \`\` in \`/a @someone #1\`, env: \`A[x](command:y)\` (values hidden)`,
        `- ${shownAt}: \`${id}\`, pid 4711`,
        '- `<b>run</b>`',
      ],
    );
  });

  it('are complete without servers', () => {
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
