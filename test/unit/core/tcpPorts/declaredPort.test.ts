import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { withPort, declaredPort } from '../../../../src/core/tcpPorts/declaredPort.js';
import { commandText, type ServerDefinition } from '../../../../src/core/server/definition.js';
import { definition } from '../support/fakes.js';

/** Returns a server of the settings. */
function line(text: string, more: Partial<ServerDefinition> = {}): ServerDefinition {
  return definition('x', { source: 'settings', command: { kind: 'shell', line: text }, ...more });
}

/** Returns a script `dev` that npm runs. */
function script(body: string, more: Partial<ServerDefinition> = {}): ServerDefinition {
  return definition('dev', { script: { body, argumentPrefix: ['--'] }, ...more });
}

describe('the port that a server wants', () => {
  const lines: readonly (readonly [string, number | undefined])[] = [
    ['vite', undefined],
    ['vite --port 3000', 3000],
    ['vite --port=3000 --strictPort', 3000],
    ['vite --port "3000"', 3000],
    ['vite --port 3000 --port 3001', 3001],
    ['vite -p 3000', undefined],
    ['vite --port 0', undefined],
    ['vite --port 65536', undefined],
    ['vite --port $PORT', undefined],
    ['next dev -p 3000', 3000],
    ['next dev -p3000', 3000],
    ['next dev --turbopack --port 3000', 3000],
    ['npx --yes vite --port 3000', 3000],
    ['./node_modules/.bin/vite --port 3000', 3000],
    ['node --inspect node_modules/next/dist/bin/next dev -p 3000', 3000],
    ['PORT=3000 react-scripts start', 3000],
    ['cross-env NODE_ENV=development PORT=3000 node server.js', 3000],
    ['PORT=3000 next dev -p 3001', 3001],
    ['REPORT=3000 node server.js', undefined],
    ['node server.js --port 3000', 3000],
    ['node server.js -p 3000', undefined],
    ['node server.js --inspect-port 9230', undefined],
    ['serve -l 3000 public', 3000],
    ['serve -l tcp://127.0.0.1:3000', 3000],
    ['http-server public -p 3000', 3000],
    ['php -S 127.0.0.1:8010 -t public', 8010],
    ['php artisan serve --port=8010', 8010],
    ['python3 -m http.server', undefined],
    ['python3 -m http.server 8200 --bind 127.0.0.1', 8200],
    ['python3.12 manage.py runserver -v 2 0.0.0.0:8200', 8200],
    ['python manage.py runserver -v 2', undefined],
    ['uv run uvicorn app:app --reload --port 8200', 8200],
    ['gunicorn -b 0.0.0.0:8200 app:app', 8200],
    ['bundle exec rails server -p 3000', 3000],
    ['mkdir -p 2024 && vite --port 3000', 3000],
    ['tsc && PORT=3000 node dist/server.js', 3000],
    ['concurrently "vite --port 3000" "node api.js --port 4000"', undefined],
    ['concurrently "vite --port 3000" "tsc --watch"', undefined],
    ['vite --port 3000 & node api.js', 3000],
    ['vite --port 3000 & node api.js --port 4000', undefined],
    ['docker run --rm -p 3000:80 nginx', undefined],
    ['toString --port 3000', 3000],
    ['vite "--port', undefined],
    ['', undefined],
  ];
  for (const [text, port] of lines) {
    it(`is ${port} for ${text}`, () => {
      assert.deepEqual([declaredPort(line(text)), declaredPort(script(text))], [port, port]);
    });
  }

  it('is the configured one, or else the one in the line, or else PORT', () => {
    const all = { port: 1000, env: { PORT: '3000' } };
    assert.deepEqual(
      [
        declaredPort(line('vite --port 2000', all)),
        declaredPort(line('vite --port 2000', { ...all, port: undefined })),
        declaredPort(line('vite', { ...all, port: undefined })),
        declaredPort(line('vite', { env: { PORT: 'x' } })),
        declaredPort(definition('dev')),
      ],
      [1000, 2000, 3000, undefined, undefined],
    );
  });
});

describe('another port for a server', () => {
  const lines: readonly (readonly [string, string])[] = [
    ['vite', 'vite --port 4000 --strictPort'],
    ['vite ./site', 'vite ./site --port 4000 --strictPort'],
    ['vite --strictPort preview', 'vite --strictPort preview --port 4000'],
    ['vite --port 3000 --host', 'vite --port 4000 --host --strictPort'],
    ['vite build', 'vite build'],
    ['vite -- --host', 'vite -- --host'],
    ["next dev -p '3000'", "next dev -p '4000'"],
    ['next dev', 'next dev -p 4000'],
    ['next build', 'next build'],
    ['astro dev', 'astro dev --port 4000'],
    ['nuxt dev', 'nuxt dev --port 4000'],
    ['npx ng serve', 'npx ng serve --port 4000'],
    ['webpack serve --mode development', 'webpack serve --mode development --port 4000'],
    ['webpack --watch', 'webpack --watch'],
    ['react-router dev', 'react-router dev --port 4000'],
    ['remix vite:dev', 'remix vite:dev --port 4000'],
    ['storybook dev -p 6006', 'storybook dev -p 4000'],
    ['parcel src/index.html', 'parcel src/index.html --port 4000'],
    ['http-server public', 'http-server public -p 4000'],
    ['serve -l 3000', 'serve -l 4000'],
    ['serve public', 'serve public -l 4000'],
    ['wrangler dev', 'wrangler dev --port 4000'],
    ['docusaurus start', 'docusaurus start --port 4000'],
    ['gatsby develop', 'gatsby develop --port 4000'],
    ['npx @11ty/eleventy --serve', 'npx @11ty/eleventy --serve --port 4000'],
    ['npx @11ty/eleventy --watch', 'npx @11ty/eleventy --watch'],
    ['live-server public', 'live-server public --port=4000'],
    ['json-server db.json', 'json-server db.json --port 4000'],
    ['rspack serve', 'rspack serve --port 4000'],
    ['expo start', 'expo start --port 4000'],
    ['vitepress dev docs', 'vitepress dev docs --port 4000'],
    ['python3 -m http.server', 'python3 -m http.server 4000'],
    ['python3 -m http.server 8200 -d x', 'python3 -m http.server 4000 -d x'],
    ['python manage.py runserver', 'python manage.py runserver 4000'],
    ['./manage.py runserver 0.0.0.0:8000', './manage.py runserver 0.0.0.0:4000'],
    ['python manage.py migrate', 'python manage.py migrate'],
    ['flask --app shop run --debug', 'flask --app shop run --debug --port 4000'],
    ['uvicorn app:app', 'uvicorn app:app --port 4000'],
    ['gunicorn app:app', 'gunicorn app:app -b 127.0.0.1:4000'],
    ['gunicorn -b 0.0.0.0:8000 app:app', 'gunicorn -b 0.0.0.0:4000 app:app'],
    ['php -S 127.0.0.1:8010 -t public', 'php -S 127.0.0.1:4000 -t public'],
    ['php artisan serve', 'php artisan serve --port 4000'],
    ['bin/rails server', 'bin/rails server -p 4000'],
    ['bundle exec jekyll serve', 'bundle exec jekyll serve --port 4000'],
    ['hugo server', 'hugo server --port 4000'],
    ['mkdocs serve', 'mkdocs serve -a localhost:4000'],
    ['mkdocs serve -a 127.0.0.1:8100', 'mkdocs serve -a 127.0.0.1:4000'],
    ['hugo', 'hugo'],
    ['PORT=3000 node server.js', 'PORT=4000 node server.js'],
    ['PORT=3000 vite --port 3000', 'PORT=4000 vite --port 4000 --strictPort'],
    ['node server.js --port 3000', 'node server.js --port 4000'],
    ['node server.js', 'node server.js'],
    ['node tools/serve.js', 'node tools/serve.js'],
    ['node tools/vite.js', 'node tools/vite.js'],
    ['vite && echo done', 'vite && echo done'],
    ['vite | tee log', 'vite | tee log'],
    ['vite > log', 'vite > log'],
    ['vite; sleep 1', 'vite; sleep 1'],
    ['vite & sleep 1', 'vite & sleep 1'],
    ['vite $(cat options)', 'vite $(cat options)'],
    ['vite `cat options`', 'vite `cat options`'],
    ['vite # the site', 'vite # the site'],
    ['vite\nsleep 1', 'vite\nsleep 1'],
    ['vite "', 'vite "'],
    ['concurrently "vite" "node api.js"', 'concurrently "vite" "node api.js"'],
  ];
  for (const [before, after] of lines) {
    it(`makes of ${JSON.stringify(before)} ${before === after ? 'nothing else' : after}`, () => {
      assert.deepEqual(withPort(line(before, { env: { A: '1', PORT: '3000' }, port: 3000 }), 4000), {
        ...line(after),
        env: { A: '1', PORT: '4000' },
        port: 4000,
      });
    });
  }

  const scripts: readonly (readonly [string, string | undefined])[] = [
    ['vite', 'npm run dev -- --port 4000 --strictPort'],
    ['cross-env NODE_ENV=x vite --port 3000', 'npm run dev -- --port 4000 --strictPort'],
    ['PORT=3000 next dev', 'npm run dev -- -p 4000'],
    ['next dev --turbopack', 'npm run dev -- -p 4000'],
    ['python3 -m http.server', 'npm run dev -- 4000'],
    ['node server.js', 'npm run dev'],
    ['react-scripts start', 'npm run dev'],
    ['vite && echo done', 'npm run dev'],
    ['vite --open -- x', 'npm run dev'],
    // An added port would have no effect.
    ['vite --port 3000 -- x', undefined],
    ['python3 -m http.server 8200', undefined],
    ['serve -l 3000', undefined],
    ['astro dev --port 3000', undefined],
    ['node server.js --port 3000', undefined],
    ['PORT=3000 react-scripts start', undefined],
    ['cross-env PORT=3000 node server.js', undefined],
  ];
  for (const [body, command] of scripts) {
    it(`${command === undefined ? 'cannot be told to' : `is told by ${command} to`} a script ${body}`, () => {
      const changed = withPort(script(body), 4000);
      assert.deepEqual(
        changed && [commandText(changed.command), changed.env, changed.port],
        command === undefined ? undefined : [command, { PORT: '4000' }, undefined],
      );
    });
  }

  it('reaches a script word by word, without a prefix where the package manager needs none', () => {
    const command = { kind: 'argv', file: 'pnpm', args: ['run', 'dev'] } as const;
    const changed = withPort(script('vite', { command, script: { body: 'vite', argumentPrefix: [] } }), 4000);
    assert.deepEqual(changed?.command, {
      kind: 'argv',
      file: 'pnpm',
      args: ['run', 'dev', '--port', '4000', '--strictPort'],
    });
  });

  it('moves a ready rule for a connection, unless it has another port', () => {
    const ready = { http: undefined, log: undefined, timeout: undefined };
    const server = (tcp: number) => ({
      port: 3000,
      overrides: {
        stopSignal: undefined,
        stopTimeout: undefined,
        restart: undefined,
        ready: { ...ready, tcp },
      },
    });
    const tcpOf = (tcp: number) => withPort(line('node x', server(tcp)), 4000)?.overrides?.ready?.tcp;
    assert.deepEqual([tcpOf(3000), tcpOf(9000)], [4000, 9000]);
  });

  it('is passed by PORT alone if the command is unknown', () => {
    assert.deepEqual(withPort(definition('dev'), 4000), { ...definition('dev'), env: { PORT: '4000' } });
  });

  const ways: readonly (readonly [string, string, number | undefined, string])[] = [
    ['--listen={port}', 'tool serve', undefined, 'tool serve --listen=4000'],
    ['--listen={port}', 'tool --listen=3000 serve', 3000, 'tool --listen=4000 serve'],
    ['--listen {port}', 'tool serve', undefined, 'tool serve --listen 4000'],
    ['--listen {port}', 'tool --listen 3000 serve', 3000, 'tool --listen 4000 serve'],
    ['-l{port}', 'tool -l3000', 3000, 'tool -l4000'],
    ['--bind 127.0.0.1:{port}', 'tool --bind 127.0.0.1:3000', 3000, 'tool --bind 127.0.0.1:4000'],
    ['{port}', 'tool serve', undefined, 'tool serve 4000'],
    ['-x {port} --also={port}', 'tool', undefined, 'tool -x 4000 --also=4000'],
    ['--listen={port}', 'vite', undefined, 'vite --listen=4000'],
  ];
  for (const [portArgument, before, wanted, after] of ways) {
    it(`is passed to an unknown tool by ${portArgument}: ${after}`, () => {
      const [file = '', ...args] = before.split(' ');
      const argv = definition('x', { command: { kind: 'argv', file, args }, portArgument });
      const shell = line(before, { portArgument });
      assert.deepEqual([argv, shell].map(declaredPort), [wanted, wanted]);
      assert.deepEqual(
        [argv, shell].map((server) => commandText((withPort(server, 4000) ?? server).command)),
        [after, after],
      );
    });
  }

  it('is passed to a script by its portArgument, too', () => {
    const changed = withPort(script('tool serve', { portArgument: '--listen={port}' }), 4000);
    assert.deepEqual(changed && commandText(changed.command), 'npm run dev -- --listen=4000');
  });

  it('is passed to a known tool that runs without a shell', () => {
    const command = { kind: 'argv', file: 'npx', args: ['vite', '--port', '3000'] } as const;
    const changed = withPort(definition('x', { command }), 4000);
    assert.deepEqual(
      [declaredPort(definition('x', { command })), changed && commandText(changed.command)],
      [3000, 'npx vite --port 4000 --strictPort'],
    );
  });

  it('replaces ${port}, and is added nowhere else', () => {
    const server = line('vite --port ${port}', { source: 'configuration', port: 3000 });
    assert.deepEqual(withPort(server, 4000), { ...server, env: { PORT: '4000' }, port: 4000 });
  });
});
