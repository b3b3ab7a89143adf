import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { ReadinessAttempt } from '../../../../src/core/readiness/endpoint.js';
import type { ServerRecord } from '../../../../src/core/registry/snapshot.js';
import type { ServerDefinition } from '../../../../src/core/server/definition.js';
import type { LiveRun, ServerState } from '../../../../src/core/server/state.js';
import { serverTitle } from '../../../../src/core/server/definition.js';
import { withUniqueTitles } from '../../../../src/core/server/titles.js';
import { untranslated } from '../../../../src/core/text.js';
import { addressText } from '../../../../src/core/views/addressText.js';
import { colors } from '../../../../src/core/views/colors.js';
import { GroupIndex } from '../../../../src/core/views/groupIndex.js';
import { titlesOf } from '../../../../src/core/views/groups.js';
import { rowLabel } from '../../../../src/core/views/rowLabel.js';
import { serverView } from '../../../../src/core/views/serverView.js';
import { toolText } from '../../../../src/core/views/toolText.js';
import { definition, endpoint, english } from '../support/fakes.js';

const run: LiveRun = {
  id: 'r',
  process: { pid: 4711, startTime: '7', bootId: 'b' },
  startedAt: 0,
  startedTick: 0,
};
const fresh: ServerState = { kind: 'stopped', lastEnd: undefined };

function script(subfolder: string, name: string, body: string, more: Partial<ServerDefinition> = {}) {
  const id = `shop/${subfolder}:${name}`;
  return definition(id, { name, subfolder, script: { body, argumentPrefix: [] }, ...more });
}

/** Draws the rows of servers as `label | description`. */
function rows(...records: readonly (readonly [ServerDefinition, ServerState])[]): string[] {
  const servers: ServerRecord[] = records.map(([each, state]) => ({
    definition: each,
    state,
    retired: false,
  }));
  const index = new GroupIndex(servers, { isPinned: () => false, recency: () => undefined });
  return servers.map((record) => {
    const { label, description } = serverView(record, { now: 3000, tick: 3000 }, english, {
      ...rowLabel(record.definition, index),
      titleOf: titlesOf(servers),
    });
    return `${label} | ${description}`;
  });
}

describe('the row of a server', () => {
  it('describes a stopped server: its package, its script and its tool', () => {
    assert.deepEqual(
      rows(
        [script('apps/web', 'dev', 'vite'), fresh],
        [script('apps/api', 'dev', 'node --watch server.js'), fresh],
        [script('apps/api', 'start', 'node server.js'), fresh],
      ),
      ['web | dev · vite', 'dev | node', 'start | node'],
    );
  });

  it('begins with problems, and then the port of a running server', () => {
    const url = 'http://localhost:5173/';
    const silent = { kind: 'silent', attempts: [] } as const;
    assert.deepEqual(
      rows(
        [script('web', 'dev', 'vite'), { kind: 'ready', run, endpoint: endpoint(url) }],
        [
          script('api', 'dev', 'node .'),
          { kind: 'unhealthy', run, endpoint: endpoint(url), problem: silent },
        ],
        [script('db', 'dev', 'x'), { kind: 'external', run, url }],
      ),
      ['web | :5173 · dev', 'api | not answering · :5173 · dev', 'db | :5173 · adopted · dev'],
    );
  });

  it('names the port of a server that is not ready: where it was checked, or where it is expected', () => {
    const attempt = { target: 'http://localhost:4000/health', outcome: { kind: 'refused' } } as const;
    const debuggers = { target: 'http://localhost:9229/', outcome: { kind: 'tool' } } as const;
    const notReady = (port: number | undefined, ...attempts: ReadinessAttempt[]): ServerState => ({
      kind: 'unhealthy',
      run: { ...run, ...(port !== undefined && { port }) },
      endpoint: undefined,
      problem: { kind: 'timeout', seconds: 60, attempts },
    });
    assert.deepEqual(
      rows(
        [script('a', 'dev', 'x'), notReady(5314)],
        [script('b', 'dev', 'x'), notReady(5314, debuggers, attempt)],
        [script('c', 'dev', 'x'), notReady(undefined, debuggers)],
      ),
      ['a | not ready · :5314 · dev', 'b | not ready · :4000/health · dev', 'c | not ready · dev'],
    );
  });

  it('begins with the cause of a failed start, and shortens long paths', () => {
    const rowOf = (path: string): readonly string[] => {
      const message = untranslated('Folder not found: {0}.', path);
      const crash = { kind: 'failure', reason: 'spawnFailed', message, at: 0 } as const;
      return rows([script('web', 'dev', 'vite'), { kind: 'crashed', crash }]);
    };
    assert.deepEqual(
      ['/projects/shop/none', '/home/me/shop/apps/none', 'C:\\Users\\me\\none', 'a/b/c/d'].flatMap(rowOf),
      [
        'web | Folder not found: /projects/shop/none · dev',
        'web | Folder not found: …/apps/none · dev',
        'web | Folder not found: …\\me\\none · dev',
        'web | Folder not found: a/b/c/d · dev',
      ],
    );
  });

  it('shows how many errors its pages have written', () => {
    const ready = (pageErrors: number): ServerState => ({
      kind: 'ready',
      run: { ...run, pageErrors },
      endpoint: endpoint('http://localhost:5173/'),
    });
    assert.deepEqual(
      rows(
        [script('web', 'dev', 'vite'), ready(1)],
        [script('api', 'dev', 'vite'), ready(12)],
        [script('db', 'dev', 'x'), ready(0)],
      ),
      ['web | :5173 · 1 error in page · dev', 'api | :5173 · 12 errors in page · dev', 'db | :5173 · dev'],
    );
    const record = { definition: script('web', 'dev', 'vite'), state: ready(2), retired: false };
    const { context, tooltip } = serverView(record, { now: 3000, tick: 3000 }, english);
    assert.match(context, /\bpageErrors\b/u);
    assert.deepEqual(tooltip.find(({ title }) => title === 'Page errors')?.value, '2');
  });

  it('counts down to a restart, and to the end of a long stop', () => {
    const crash = { exit: { kind: 'code', code: 1 }, interrupted: false, tail: [], at: 1500 } as const;
    const restart = { kind: 'planned', delayMs: 4000 } as const;
    const stopping = (sinceTick: number): ServerState => ({
      kind: 'stopping',
      run,
      grace: { sinceTick, graceMs: 5000 },
    });
    assert.deepEqual(
      rows(
        [script('a', 'dev', 'x'), { kind: 'crashed', crash: { kind: 'exit', ...crash, restart } }],
        [script('b', 'dev', 'x'), stopping(2500)],
        [script('c', 'dev', 'x'), stopping(1000)],
      ),
      [
        'a | restarting in 3 s · crashed (exit 1) · dev',
        'b | stopping… · dev',
        'c | kill in 3 s · stopping… · dev',
      ],
    );
  });

  it('shows the folders of packages with the same name, and titles instead of ids of servers that it waits for', () => {
    const web = script('apps/web', 'dev', 'vite');
    const waiting: ServerState = { kind: 'queued', runId: 'r', waitsFor: [web.id] };
    assert.deepEqual(rows([web, fresh], [script('examples/web', 'dev', 'next dev'), waiting]), [
      'apps/web | dev · vite',
      'examples/web | waiting for web: dev · dev',
    ]);
  });

  it('does not repeat the workspace folder of the row above', () => {
    const added = script('', 'serve', 'vite', { folder: 'added', id: 'added:serve' });
    assert.deepEqual(rows([script('apps/web', 'dev', 'vite'), fresh], [added, fresh]), [
      'web | dev · vite',
      'serve | vite',
    ]);
  });

  it('shows the title of a server whose group has another one of its name', () => {
    const group = 'all';
    assert.deepEqual(
      rows(
        [script('web', 'dev', 'vite', { group }), fresh],
        [script('api', 'dev', 'node .', { group }), fresh],
      ),
      ['web: dev | vite', 'api: dev | node'],
    );
  });

  it('has colors that every theme defines, including high contrast themes', () => {
    // `list.errorForeground` and `list.warningForeground` are empty in high contrast themes.
    assert.deepEqual(Object.values(colors).toSorted(), [
      'charts.green',
      'charts.yellow',
      'problemsErrorIcon.foreground',
      'problemsWarningIcon.foreground',
    ]);
  });
});

describe('the titles of servers', () => {
  it('are unique, and definitions with unique titles stay the same objects', () => {
    const definitions = [
      script('apps/web', 'dev', 'vite'),
      script('examples/web', 'dev', 'vite'),
      script('apps/web', 'dev', 'vite', { folder: 'blog', id: 'blog/apps/web:dev' }),
      script('api', 'dev', 'node .'),
      definition('shop:db', { name: 'db', source: 'configuration' }),
      definition('blog:db', { name: 'db', folder: 'blog', source: 'configuration' }),
    ];
    const titled = withUniqueTitles(definitions);
    assert.deepEqual(titled.map(serverTitle), [
      'shop/apps/web: dev',
      'examples/web: dev',
      'blog/apps/web: dev',
      'api: dev',
      'shop: db',
      'blog: db',
    ]);
    assert.equal(titled[3], definitions[3]);
  });
});

describe('the row of a server of a guide', () => {
  it('names the guide', () => {
    const guides = { source: 'guides', file: 'web/README.md', subfolder: 'web' } as const;
    const command = { kind: 'shell', line: 'make live' } as const;
    assert.deepEqual(
      rows(
        [definition('shop/web/README.md:make live', { ...guides, name: 'make live', command }), fresh],
        [script('web', 'play', 'node play.js', guides), fresh],
      ),
      ['make live | README.md', 'play | README.md'],
    );
  });
});

describe('the tool of a server', () => {
  it('is the one that serves, not launchers and compilers, and without its folder', () => {
    const lines = [
      'vite --port 3000',
      'cross-env NODE_ENV=development next dev',
      'rimraf dist && tsc && node dist/server.js',
      './node_modules/.bin/astro dev',
      'npm run build && vite preview',
      'python3 -m http.server 8200',
      '',
      'exit 1',
      "trap '' TERM; while :; do sleep 1; done",
    ];
    assert.deepEqual(
      lines.map((line) => toolText(script('web', 'dev', line))),
      ['vite', 'next', 'node', 'astro', 'vite', 'http.server', undefined, undefined, undefined],
    );
    const framework = definition('x', {
      source: 'django',
      command: { kind: 'shell', line: 'python manage.py' },
    });
    assert.equal(toolText(framework), 'Django');
  });
});

describe('the address in a row', () => {
  it('begins with the part that differs', () => {
    const addresses = [
      'http://127.0.0.1:3000/docs',
      'https://[::1]:8443/',
      'http://192.168.1.7:3000/',
      'https://app.test/shop/',
      'tcp://localhost:6379',
      'nonsense',
    ];
    assert.deepEqual(
      addresses.map((address) => addressText(address)),
      [
        ':3000/docs',
        ':8443 (https)',
        '192.168.1.7:3000',
        'app.test/shop/ (https)',
        ':6379 (tcp)',
        'nonsense',
      ],
    );
  });
});
