import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { staticServer } from '../../../src/composition/staticServer.js';
import { builtFile } from '../../support/builtFile.js';
import { freePort } from '../../support/processes.js';
import { TestHost } from '../support/testHost.js';

describe('the server of static files', () => {
  let host: TestHost;
  let folder: string;
  let port: number;
  beforeAll(async () => {
    host = new TestHost();
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-static-'));
    for (const path of ['site/about', 'site/.git', 'site/ä b'])
      mkdirSync(join(folder, path), { recursive: true });
    for (const [path, text] of Object.entries({
      'site/index.html': '<h1>Home</h1>',
      'site/about/index.html': '<h1>About</h1>',
      'site/app.js': 'export {}',
      'site/empty.css': '',
      'site/.env': 'SECRET=1',
      'site/.git/config': 'secret',
      'site/ä b/page.html': 'odd',
      'outside.txt': 'secret',
    })) {
      writeFileSync(join(folder, path), text);
    }
    symlinkSync('../outside.txt', join(folder, 'site/link.txt'));
    symlinkSync('app.js', join(folder, 'site/alias.js'));
    port = await freePort();
    const { command, env } = staticServer(builtFile('staticServer.js'));
    const run = await host.start(command, {
      cwd: join(folder, 'site'),
      env: { ...env, PORT: String(port) },
      port,
    });
    assert.equal((await host.event(run, 'ready')).endpoint?.url, `http://localhost:${port}/`);
  });
  afterAll(async () => {
    await host.end();
    rmSync(folder, { recursive: true });
  });

  /** Sends a request without `fetch`, which would normalize the path. */
  const get = (path: string, method = 'GET') =>
    new Promise<string>((resolve, reject) => {
      request({ host: 'localhost', port, path, method }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => (body += text));
        response.on('end', () => {
          const { location, 'content-type': type } = response.headers;
          resolve([response.statusCode, type, location, body].filter((part) => part !== undefined).join(' '));
        });
      })
        .on('error', reject)
        .end();
    });

  it('answers no request for another host, and lets no browser guess types or embed files elsewhere', async () => {
    const head = (name: string) =>
      new Promise<unknown[]>((resolve, reject) => {
        request({ host: 'localhost', port, headers: { host: name } }, (response) => {
          response.resume();
          const { 'x-content-type-options': type, 'cross-origin-resource-policy': policy } = response.headers;
          resolve([response.statusCode, type, policy]);
        })
          .on('error', reject)
          .end();
      });
    assert.deepEqual(await head(`evil.example:${port}`), [403, 'nosniff', 'same-site']);
    assert.deepEqual(await head(`127.0.0.1:${port}`), [200, 'nosniff', 'same-site']);
  });

  it('refuses to start with an invalid port', async () => {
    const { command, env } = staticServer(builtFile('staticServer.js'));
    const run = await host.start(command, { cwd: folder, env: { ...env, PORT: 'http' } });
    const { exit, tail } = await host.event(run, 'ended');
    assert.deepEqual(exit, { kind: 'code', code: 1 });
    assert.match(tail.join('\n'), /^PORT is not a port number: "http"/);
  });

  it('serves pages, their files, and the index of folders', async () => {
    const paths = [
      '/',
      '/about/',
      '/about',
      '/app.js?v=1',
      '/empty.css',
      '/%C3%A4%20b/page.html',
      '/alias.js',
    ];
    assert.deepEqual(await Promise.all(paths.map((path) => get(path))), [
      '200 text/html; charset=utf-8 <h1>Home</h1>',
      '200 text/html; charset=utf-8 <h1>About</h1>',
      '301 /about/ ',
      '200 text/javascript; charset=utf-8 export {}',
      '200 text/css; charset=utf-8 ',
      '200 text/html; charset=utf-8 odd',
      '200 text/javascript; charset=utf-8 export {}',
    ]);
    assert.equal(await get('/', 'HEAD'), '200 text/html; charset=utf-8 ');
  });

  it('keeps the query of a page whose address lacks the final slash', async () => {
    assert.equal(await get('/about?tab=1&to=/x'), '301 /about/?tab=1&to=/x ');
    assert.equal(await get('//about?q#part'), '301 /about/?q ');
  });

  it('serves a part of a file, as browsers need to play and seek a video', async () => {
    const part = (range: string, method = 'GET', ifRange?: string) =>
      new Promise<unknown[]>((resolve, reject) => {
        const headers = { range, ...(ifRange !== undefined && { 'if-range': ifRange }) };
        request({ host: 'localhost', port, path: '/app.js', method, headers }, (response) => {
          let body = '';
          response.setEncoding('utf8').on('data', (text: string) => (body += text));
          const { 'content-range': sent, 'accept-ranges': unit, 'content-length': length } = response.headers;
          response.on('end', () => resolve([response.statusCode, unit, sent, length, body]));
        })
          .on('error', reject)
          .end();
      });
    assert.deepEqual(await part('bytes=0-5'), [206, 'bytes', 'bytes 0-5/9', '6', 'export']);
    assert.deepEqual(await part('bytes=7-'), [206, 'bytes', 'bytes 7-8/9', '2', '{}']);
    assert.deepEqual(await part('bytes=7-900'), [206, 'bytes', 'bytes 7-8/9', '2', '{}']);
    assert.deepEqual(await part('bytes=-2'), [206, 'bytes', 'bytes 7-8/9', '2', '{}']);
    assert.deepEqual(await part('bytes=-900'), [206, 'bytes', 'bytes 0-8/9', '9', 'export {}']);
    assert.deepEqual(await part('bytes=7-', 'HEAD'), [200, 'bytes', undefined, '9', '']);
    for (const range of ['bytes=9-', 'bytes=-0'])
      assert.deepEqual((await part(range)).slice(0, 3), [416, 'bytes', 'bytes */9'], range);
    for (const range of ['bytes=5-4', 'bytes=0-1,3-4', 'bytes=-', 'bytes=a-b', 'lines=0-1'])
      assert.deepEqual(await part(range), [200, 'bytes', undefined, '9', 'export {}'], range);
    // The file has no version that a part could be of.
    assert.equal((await part('bytes=0-5', 'GET', '"1"'))[0], 200);
  });

  it('serves nothing from outside the folder, and nothing hidden', async () => {
    const paths = ['/../outside.txt', '/%2e%2e/outside.txt', '/..%5coutside.txt', '/link.txt', '/.env'];
    const more = ['/.git/config', '/a%00b', '/%', '/gone', '//evil.example/..', 'http://evil.example/'];
    for (const path of [...paths, ...more])
      assert.equal(await get(path), '404 text/plain; charset=utf-8 Not found\n', path);
    assert.equal(await get('//about'), '301 /about/ ');
    assert.equal(await get('/', 'DELETE'), '405 ');
  });
});
