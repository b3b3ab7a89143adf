import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { openInside } from '../../../src/staticServer/openInside.js';
import { servePage } from '../../../src/staticServer/pages.js';
import { until } from '../../support/processes.js';

/** More than the buffers of a connection hold. */
const largeBytes = 20 * 1024 * 1024;

describe('pages of a folder', () => {
  let folder: string;
  let root: string;
  let server: Server;
  let port: number;
  beforeEach(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'dev-servers-pages-')));
    root = join(folder, 'site');
    mkdirSync(join(root, '.git'), { recursive: true });
    mkdirSync(join(root, 'sub'));
    mkdirSync(join(folder, 'outside'));
    for (const [path, text] of Object.entries({
      'site/.env': 'SECRET',
      'site/.git/config': 'SECRET',
      'site/page.html': 'page',
      'site/sub/page.html': 'page',
      'outside/page.html': 'SECRET',
    })) {
      writeFileSync(join(folder, path), text);
    }
    server = createServer((each, response) => {
      servePage(root, each, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const get = (path: string) =>
    new Promise<string>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path }, (response) => {
        let body = '';
        response.setEncoding('latin1').on('data', (text: string) => (body += text));
        response.on('error', reject).on('end', () => resolve(`${response.statusCode} ${body.slice(0, 20)}`));
      })
        .on('error', reject)
        .end();
    });

  /** Returns the files of the folder that this process has open. */
  const openFiles = (): string[] =>
    readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        const path = readlinkSync(`/proc/self/fd/${fd}`);
        return path.startsWith(folder) ? [path] : [];
      } catch {
        return [];
      }
    });

  /** Resolves with the text of a file; with an empty one for a file that may not be served. */
  const readInside = async (path: string): Promise<string> => {
    const found = await openInside(root, path);
    if (found?.kind !== 'file') return '';
    try {
      return await found.file.readFile('utf8');
    } finally {
      await found.file.close();
    }
  };

  it('follows links to visible files of the folder only', async () => {
    const links: Record<string, string> = {
      'environment.txt': '.env',
      config: '.git/config',
      repository: '.git',
      absolute: join(root, '.env'),
      chain: 'environment.txt',
      'sub/up': '../.env',
      out: '../outside/page.html',
      outside: '../outside',
      around: '../site/.env',
      loop: 'loop',
      itself: '.',
      parent: '..',
      'device.txt': '/dev/zero',
      'descriptor.txt': '/proc/self/environ',
      gone: 'nothing',
      good: 'sub/page.html',
      goodFolder: 'sub',
    };
    for (const [name, target] of Object.entries(links)) symlinkSync(target, join(root, name));
    const paths = [...Object.keys(links), 'repository/config', 'outside/page.html', 'parent/site/.env'];
    const more = ['goodFolder/page.html', 'itself/page.html', 'itself/itself/.env', 'itself/environment.txt'];
    const answers = await Promise.all(
      [...paths, ...more].map(async (path) => [path, await get(`/${path}`)] as const),
    );
    assert.deepEqual(
      answers.filter(([, text]) => text !== '404 Not found\n'),
      [
        ['itself', '301 '],
        ['good', '200 page'],
        ['goodFolder', '301 '],
        ['goodFolder/page.html', '200 page'],
        ['itself/page.html', '200 page'],
      ],
    );
  });

  it('opens neither FIFOs nor sockets, and hard links are files of the folder', async () => {
    execFileSync('mkfifo', [join(root, 'fifo.html')]);
    const socket = createServer().listen(join(root, 'socket.html'));
    await new Promise((resolve) => socket.once('listening', resolve));
    linkSync(join(folder, 'outside/page.html'), join(root, 'hard.html'));
    const paths = ['/fifo.html', '/socket.html', '/hard.html', '/page.html/', `/${'a'.repeat(5000)}`];
    const answers = await Promise.all(paths.map((path) => get(path)));
    await new Promise((resolve) => socket.close(resolve));
    assert.deepEqual(answers, [
      '404 Not found\n',
      '404 Not found\n',
      '200 SECRET',
      ...Array<string>(2).fill('404 Not found\n'),
    ]);
  });

  it('serves no file of a folder that was replaced by a link right before the file was opened', async () => {
    symlinkSync(join(folder, 'outside'), join(root, 'link'));
    const openReplaced: Parameters<typeof openInside>[2] = (path, flags) => {
      renameSync(join(root, 'sub'), join(root, 'real'));
      renameSync(join(root, 'link'), join(root, 'sub'));
      return open(path, flags);
    };
    assert.equal(await openInside(root, '/sub/page.html', openReplaced), undefined);
  });

  it('serves nothing else while another process replaces a folder by a link again and again', async (context) => {
    if (process.platform !== 'linux') context.skip('only Linux reports the path of an open file');
    symlinkSync(join(folder, 'outside'), join(root, 'link'));
    const swaps = `for (;;) for (const [from, to] of [['sub', 'real'], ['link', 'sub'], ['sub', 'link'], ['real', 'sub']])
      require('fs').renameSync(from, to)`;
    const swapping = spawn(process.execPath, ['-e', swaps], { cwd: root, stdio: 'ignore' });
    const contents: string[] = [];
    const count = (content: string): number => contents.filter((each) => each === content).length;
    try {
      while (count('page') < 60 || count('') < 60) contents.push(await readInside('/sub/page.html'));
    } finally {
      const ended = new Promise((resolve) => swapping.once('exit', resolve));
      swapping.kill('SIGKILL');
      await ended;
    }
    assert.deepEqual([...new Set(contents)].toSorted(), ['', 'page']);
    assert.deepEqual(openFiles(), []);
  });

  it('closes each file when its download ends, is aborted, or never begins', async (context) => {
    if (process.platform !== 'linux') context.skip('only /proc lists open files');
    writeFileSync(join(root, 'large.bin'), '');
    truncateSync(join(root, 'large.bin'), largeBytes);
    const send = (text: string, onData: (socket: ReturnType<typeof connect>) => void) =>
      new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => void socket.write(text));
        socket.on('error', () => undefined).on('close', () => resolve());
        socket.once('data', () => onData(socket));
      });
    const head = 'Host: localhost\r\n\r\n';
    await Promise.all([
      ...Array.from({ length: 20 }, () =>
        send(`GET /large.bin HTTP/1.1\r\n${head}`, (socket) => socket.destroy()),
      ),
      ...Array.from({ length: 5 }, () =>
        send(`GET /large.bin HTTP/1.1\r\n${head}`, (socket) => socket.resetAndDestroy()),
      ),
      ...Array.from({ length: 5 }, () =>
        send(`HEAD /large.bin HTTP/1.1\r\n${head}`, (socket) => socket.destroy()),
      ),
      send(`GET /large.bin HTTP/1.1\r\n${head}`.repeat(10), (socket) => socket.destroy()),
      get('/large.bin'),
      get('/page.html'),
    ]);
    await until('every file is closed', () => openFiles().length === 0);
  });

  it('has one file open for a connection, however many requests a client sends at once', async (context) => {
    if (process.platform !== 'linux') context.skip('only /proc lists open files');
    writeFileSync(join(root, 'large.bin'), '');
    truncateSync(join(root, 'large.bin'), largeBytes);
    let requests = 0;
    server.on('request', () => (requests += 1));
    const socket = connect(port, '127.0.0.1');
    socket.pause().write('GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(20));
    await until('every request is received', () => requests === 20);
    await until('the first file is open', () => openFiles().length > 0);
    // The other files would be open before those of later requests, which may not be closed yet.
    for (let count = 0; count < 3; count += 1) await get('/page.html');
    const large = join(root, 'large.bin');
    assert.deepEqual(
      openFiles().filter((path) => path === large),
      [large],
    );
    socket.destroy();
    await until('every file is closed', () => openFiles().length === 0);
  });

  it('ends the connection of a file that becomes shorter', async () => {
    const path = join(root, 'large.bin');
    writeFileSync(path, '');
    truncateSync(path, largeBytes);
    const received = await new Promise<{ complete: boolean }>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path: '/large.bin' }, (response) => {
        truncateSync(path, 10);
        response.on('error', () => undefined).on('close', () => resolve(response));
        response.resume();
      })
        .on('error', reject)
        .end();
    });
    assert.equal(received.complete, false);
  });
});
