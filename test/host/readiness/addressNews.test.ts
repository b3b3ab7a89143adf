import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'vitest';
import type { Endpoint } from '../../../src/core/readiness/endpoint.js';
import type { RunId } from '../../../src/core/server/state.js';
import { freePort, until } from '../../support/processes.js';
import { TestHost } from '../support/testHost.js';

describe('the address of a server that announces it step by step', () => {
  let host: TestHost;
  beforeEach(() => {
    host = new TestHost();
  });
  afterEach(() => host.end());

  const start = (source: string): Promise<RunId> =>
    host.start({ kind: 'argv', file: process.execPath, args: ['-e', source] });

  const latest = (run: RunId): Endpoint | undefined =>
    host.events
      .flatMap((event) => (event.kind === 'ready' && event.runId === run ? [event.endpoint] : []))
      .at(-1);

  it('is a page that was not ready at first', async () => {
    const [api, page] = [await freePort(), await freePort()];
    const source = `
      const { createServer } = require('node:http');
      let status = 500;
      const answer = (_, response) => response.writeHead(status, { 'content-type': 'text/html' }).end('<html>');
      createServer(answer).listen(${page}, () => console.log('Page ready at http://localhost:${page}/x/'));
      createServer((_, response) => response.end()).listen(${api}, () => console.log('API ready at http://localhost:${api}'));
      process.stdin.once('data', () => {
        status = 200;
        console.log('Page ready at http://localhost:${page}/');
      });
    `;
    const run = await start(source);
    await until('the API', () => latest(run)?.otherUrls?.length === 1);
    assert.equal(latest(run)?.url, `http://localhost:${api}/`);
    host.client.input(run, '\r');
    await until('the page', () => latest(run)?.url === `http://localhost:${page}/`);
  });

  it('is a page that becomes ready while a request to it is open', async () => {
    const [api, page] = [await freePort(), await freePort()];
    // The second request to the page gets its answer after the page has announced that it is ready.
    const source = `
      const { createServer } = require('node:http');
      const html = { 'content-type': 'text/html' };
      let requests = 0;
      const servePage = (_, response) => {
        requests += 1;
        if (requests > 2) return response.writeHead(200, html).end('<html>');
        if (requests === 1) return response.writeHead(500, html).end('<html>');
        console.log('Page ready at http://localhost:${page}/');
        setTimeout(() => response.writeHead(500, html).end('<html>'), 1000);
      };
      createServer(servePage).listen(${page}, () => console.log('Page ready at http://localhost:${page}/x/'));
      createServer((_, response) => response.end()).listen(${api}, () => console.log('API ready at http://localhost:${api}'));
    `;
    const run = await start(source);
    await until('the page', () => latest(run)?.url === `http://localhost:${page}/`);
  });

  it('changes with the output, also while a request is open', async () => {
    const port = await freePort();
    const source = `
      const paths = ['a/', ''];
      const serve = (_, response) => {
        const path = paths.shift();
        if (path !== undefined) console.log('Ready at http://localhost:${port}/' + path);
        setTimeout(() => response.end(), 500);
      };
      require('node:http').createServer(serve).listen(${port}, () => console.log('Ready at http://localhost:${port}/a/b/'));
    `;
    const run = await start(source);
    await until('the shortest URL', () => latest(run)?.url === `http://localhost:${port}/`);
  });

  it('is a page that is announced again while a request to the first address is open', async () => {
    const [api, page] = [await freePort(), await freePort()];
    // A shorter URL, after the page was asked, lets the API be asked again; the page announces itself before its answer.
    const source = `
      const { createServer } = require('node:http');
      const html = { 'content-type': 'text/html' };
      let isAsked = false;
      let isReady = false;
      const serveApi = (_, response) => {
        if (!isAsked || isReady) return response.end();
        isReady = true;
        console.log('Page ready at http://localhost:${page}/');
        setTimeout(() => response.end(), 1000);
      };
      const servePage = (_, response) => {
        if (!isAsked) console.log('API ready at http://localhost:${api}/');
        isAsked = true;
        response.writeHead(isReady ? 200 : 500, html).end('<html>');
      };
      createServer(serveApi).listen(${api}, () => {
        console.log('API ready at http://localhost:${api}/x/');
        createServer(servePage).listen(${page}, () => console.log('Page ready at http://localhost:${page}/x/'));
      });
    `;
    const run = await start(source);
    await until('the page', () => latest(run)?.url === `http://localhost:${page}/`);
  });

  it('is asked less and less often if each answer announces another one', async () => {
    const port = await freePort();
    // Eight requests with growing pauses take over three seconds, and may take longer on a busy machine.
    const source = `
      const times = [];
      const serve = (_, response) => {
        times.push(performance.now());
        console.log('Server ready at http://localhost:' + (40000 + times.length) + '/');
        response.end();
        if (times.length === 8) process.exit(times[7] - times[0] > 2000 ? 0 : 1);
      };
      require('node:http').createServer(serve).listen(${port}, () => console.log('Ready at http://localhost:${port}/'));
    `;
    const run = await start(source);
    assert.deepEqual((await host.event(run, 'ended')).exit, { kind: 'code', code: 0 });
  });
});
