import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { mainRootOf, type Checkout } from '../../../src/mcp/bridge/checkout.js';
import { chooseWindows } from '../../../src/mcp/bridge/chooseWindow.js';
import { liveWindows, type WindowRecord } from '../../../src/mcp/bridge/windowRecords.js';
import { until } from '../../support/processes.js';
import { AgentHost } from '../support/agentHost.js';
import { currentPlatform } from '../../../src/host/platform/currentPlatform.js';

describe('the socket for agents', () => {
  let host: AgentHost;
  const sockets: Socket[] = [];
  beforeEach(async () => {
    host = new AgentHost();
    await host.define({ web: 'setInterval(() => 0, 1000)' });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await host.end();
  });

  const record = async (): Promise<WindowRecord> => {
    const [only] = await liveWindows(host.records, currentPlatform());
    assert.ok(only);
    return only;
  };

  interface Client {
    readonly socket: Socket;
    readonly received: Record<string, unknown>[];
    send(message: unknown): void;
    closed(): Promise<void>;
  }

  async function client(): Promise<Client> {
    const socket = createConnection((await record()).socket);
    sockets.push(socket);
    socket.on('error', () => undefined);
    const received: Record<string, unknown>[] = [];
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      received.push(...lines.map((line) => JSON.parse(line) as Record<string, unknown>));
    });
    await once(socket, 'connect');
    return {
      socket,
      received,
      send: (message) =>
        void socket.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`),
      closed: () => until('the end of the connection', () => socket.destroyed),
    };
  }

  async function welcome(): Promise<Client> {
    const made = await client();
    const { token } = await record();
    made.send({ kind: 'hello', version: 2, pid: process.pid, token, agent: 'test' });
    await until('the welcome', () => made.received.length === 1);
    assert.deepEqual(made.received, [{ kind: 'welcome' }]);
    return made;
  }

  /** Asserts that the window still answers. */
  async function answers(): Promise<void> {
    const good = await welcome();
    good.send({ kind: 'call', request: 1, tool: 'devservers_list_servers', input: {} });
    await until('an answer', () => good.received.length === 2);
    assert.match(JSON.stringify(good.received[1]), /1 servers, 0 of them running/u);
    good.socket.destroy();
  }

  it.skipIf(process.platform === 'win32')('and the token can be reached by nobody but the user', async () => {
    await host.open();
    const { socket, windowId } = await record();
    const modes = [host.records, socket, join(host.records, `${windowId}.json`)].map(
      (path) => statSync(path).mode & 0o777,
    );
    assert.deepEqual(modes, [0o700, 0o600, 0o600]);
  });

  it.skipIf(process.platform === 'win32')(
    'lies in a folder of its own where its name would be too long, which goes with it',
    async () => {
      const folder = join(host.folder, 'x'.repeat(100));
      mkdirSync(folder);
      const opened = await host.open([host.folder], folder);
      const [found] = await liveWindows(folder, currentPlatform());
      const socket = found?.socket ?? '';
      assert.deepEqual(
        [dirname(dirname(socket)), statSync(dirname(socket)).mode & 0o777, statSync(socket).mode & 0o777],
        [tmpdir(), 0o700, 0o600],
      );
      await opened.close();
      assert.deepEqual([existsSync(dirname(socket)), readdirSync(folder)], [false, []]);
    },
  );

  it('accepts no client without the token, and reveals nothing about the servers', async () => {
    await host.open();
    const wrong = await client();
    wrong.send({ kind: 'hello', version: 2, pid: process.pid, token: 'x'.repeat(43), agent: 'test' });
    const none = await client();
    none.send({ kind: 'call', request: 1, tool: 'devservers_list_servers', input: {} });
    await Promise.all([wrong.closed(), none.closed()]);
    assert.deepEqual(
      [wrong.received, none.received],
      [
        [{ kind: 'refused', text: 'The token is wrong.' }],
        [{ kind: 'refused', text: 'The token must come first.' }],
      ],
    );
    await answers();
  });

  it('answers malformed and oversized requests with an error, and continues for other clients', async () => {
    await host.open();
    const good = await welcome();
    const bad = [
      '{',
      '[]',
      '{"kind":"call"}',
      '{"kind":"call","request":-1,"tool":"x","input":{}}',
      '\u0000',
    ];
    for (const line of bad) {
      const each = await welcome();
      each.send(line);
      await each.closed();
      assert.match(String(each.received.at(-1)?.['text']), /^The message is not valid\./u, line);
    }
    const large = await welcome();
    large.socket.write('x'.repeat(600 * 1024));
    await large.closed();
    const unknown = await client();
    unknown.socket.write('x'.repeat(5000));
    await unknown.closed();
    good.send({ kind: 'call', request: 7, tool: 'devservers_list_servers', input: {} });
    await until('an answer', () => good.received.length === 2);
    assert.equal(good.received[1]?.['request'], 7);
  });

  it('is not blocked by clients that close halfway, stay silent, or do not read', async () => {
    await host.open();
    const half = await welcome();
    half.socket.end();
    await half.closed();
    const cut = await welcome();
    cut.send({ kind: 'call', request: 1, tool: 'devservers_start_server', input: { id: 'web' } });
    await until('the start', () => host.registry.get('web').state.kind === 'starting');
    cut.socket.destroy();
    const deaf = await welcome();
    deaf.socket.pause();
    for (let request = 0; request < 50; request += 1) {
      deaf.send({ kind: 'call', request, tool: 'devservers_list_servers', input: {} });
    }
    const good = await welcome();
    good.send({ kind: 'call', request: 1, tool: 'devservers_list_servers', input: {} });
    await until('an answer', () => good.received.length === 2);
  });

  it('answers simultaneous calls separately, and refuses calls beyond its limit', async () => {
    await host.open();
    const one = await welcome();
    for (let request = 0; request < 40; request += 1) {
      one.send({
        kind: 'call',
        request,
        tool: 'devservers_start_server',
        input: { id: 'web', timeoutSeconds: 1 },
      });
    }
    await until('all answers', () => one.received.length === 41);
    const errors = one.received.slice(1).map((message) => JSON.stringify(message));
    assert.deepEqual(
      [
        errors.filter((text) => text.includes('"busy"')).length,
        errors.filter((text) => text.includes('notReady')).length,
      ],
      [24, 16],
    );
  });

  it('ends waits of clients that disconnect, and of cancelled calls', async () => {
    await host.open();
    const one = await welcome();
    one.send({ kind: 'call', request: 3, tool: 'devservers_start_server', input: { id: 'web' } });
    await until('the start', () => host.registry.get('web').state.kind === 'starting');
    one.send({ kind: 'cancel', request: 3 });
    await until('the answer', () => one.received.length === 2);
    assert.match(JSON.stringify(one.received[1]), /The call was cancelled\. The server was not changed/u);
  });

  it('removes files of a killed window, but not of live windows or of another boot', async () => {
    await host.open();
    const live = await record();
    const stale = { ...live, windowId: 'stale-window', process: { ...live.process, startTime: '1' } };
    const otherBoot = { ...live, windowId: 'other-boot', process: { ...live.process, bootId: 'other' } };
    for (const each of [stale, otherBoot]) {
      const socket = join(host.records, `${each.windowId}.sock`);
      writeFileSync(socket, 'no socket');
      writeFileSync(
        join(host.records, `${each.windowId}.json`),
        JSON.stringify({ schema: 1, ...each, socket }),
      );
    }
    writeFileSync(join(host.records, 'damaged.json'), '{');
    const found = await liveWindows(host.records, currentPlatform());
    assert.deepEqual(found, [live]);
    const left = readdirSync(host.records).toSorted();
    // A record must never cause the removal of anything but a socket.
    for (const name of ['damaged.json', 'other-boot.json', 'other-boot.sock', 'stale-window.sock']) {
      assert.ok(left.includes(name), name);
    }
    assert.equal(left.includes('stale-window.json'), false);
    for (const name of left.filter((each) => /other-boot|damaged|stale/u.test(each))) {
      rmSync(join(host.records, name));
    }
  });
});

describe('the window for an agent', () => {
  const window = (windowId: string, focusedAt: number, ...folders: string[]): WindowRecord => ({
    windowId,
    focusedAt,
    folders,
    process: { pid: 2, startTime: '1', bootId: 'b' },
    socket: '/s',
    token: 't',
  });
  const windows = [
    window('shop', 1, '/shop'),
    window('web', 2, '/shop/apps/web'),
    window('web-again', 3, '/shop/apps/web', '/docs'),
    window('empty', 9),
  ];
  const choose = (
    cwd: string,
    { id, checkout, among = windows }: { id?: string; checkout?: Checkout; among?: typeof windows },
  ) => chooseWindows(among, { cwd, checkout, worktrees: [], windowId: id }).windows[0];
  const chosen = (cwd: string, id?: string): string =>
    choose(cwd, { ...(id !== undefined && { id }) }).windowId;

  it("has the deepest folder that contains the agent's, and was focused last", () => {
    assert.deepEqual(
      [chosen('/shop'), chosen('/shop/apps/webshop'), chosen('/shop/apps/web/src'), chosen('/docs')],
      ['shop', 'shop', 'web-again', 'web-again'],
    );
  });

  it('is the one that started the agent, if several have the same folder or none has it', () => {
    assert.deepEqual(
      [chosen('/shop/apps/web', 'web'), chosen('/shop/apps/web', 'shop'), chosen('/home', 'empty')],
      ['web', 'web-again', 'empty'],
    );
  });

  it('is never one on another checkout, neither around a worktree nor as the starter', () => {
    const repository = '/shop/.git';
    const main = { root: '/shop', isLinked: false, repository };
    const nested = { root: '/shop/.worktrees/fix', isLinked: true, repository };
    const beside = { root: '/shop-fix', isLinked: true, repository };
    assert.equal(choose('/shop/docs', { checkout: main }).windowId, 'shop');
    assert.equal(choose('/shop', { checkout: main, id: 'empty' }).windowId, 'shop');
    const worktrees = [
      ['/shop/.worktrees/fix/apps', nested],
      ['/shop-fix', beside],
    ] as const;
    for (const [cwd, checkout] of worktrees) {
      assert.throws(
        () => choose(cwd, { checkout, id: 'shop' }),
        new RegExp(`${checkout.root} is a git worktree`, 'u'),
      );
      const own = window('fix', 0, checkout.root);
      assert.equal(choose(cwd, { checkout, id: 'shop', among: [...windows, own] }).windowId, 'fix');
    }
  });

  it('is one on the main checkout if that runs servers of its worktrees, with the worktree', () => {
    const checkout = { root: '/shop-fix', isLinked: true, repository: '/shop/.git' };
    const among = [...windows, { ...window('serves', 0, '/shop/apps/web'), servesWorktrees: true }];
    const place = {
      cwd: '/shop-fix/apps',
      checkout,
      worktrees: ['/shop-fix'],
      mainRoots: ['/shop'],
      windowId: undefined,
    };
    const { windows: found, worktree } = chooseWindows(among, place);
    assert.deepEqual([found.map(({ windowId }) => windowId), worktree], [['serves'], '/shop-fix']);
    const own = chooseWindows([...among, window('fix', 0, '/shop-fix')], place);
    assert.deepEqual([own.windows[0].windowId, own.worktree], ['fix', undefined]);
    const other = { ...place, checkout: { ...checkout, repository: '/other/.git' }, mainRoots: ['/other'] };
    assert.throws(() => chooseWindows(among, other), /is a git worktree/u);
  });

  it('is one on another worktree if none is on the main checkout, or if the repository is bare', () => {
    const serving = (...args: Parameters<typeof window>): WindowRecord => ({
      ...window(...args),
      servesWorktrees: true,
    });
    const worktrees = ['/w/fix', '/w/main'];
    const place = { cwd: '/w/fix', worktrees, windowId: undefined };
    const onMain = serving('shop', 1, '/shop');
    const among = [serving('other', 9, '/other'), serving('main', 2, '/w/main'), window('old', 3, '/w/main')];
    const idsFor = (repository: string, all: readonly WindowRecord[]): string => {
      const checkout = { root: '/w/fix', isLinked: true, repository };
      const mainRoots = [mainRootOf(checkout)].filter((root) => root !== undefined);
      return chooseWindows(all, { ...place, checkout, mainRoots }).windows[0].windowId;
    };
    assert.deepEqual(
      [idsFor('/w/.bare', among), idsFor('/shop/.git', among), idsFor('/shop/.git', [...among, onMain])],
      ['main', 'main', 'shop'],
    );
  });

  it('does not exist if no window has the folder, and the error lists the open windows', () => {
    assert.throws(() => chosen('/elsewhere'), {
      name: 'NoWindowError',
      message:
        'No open VS Code window has a folder that contains /elsewhere. Open windows:\n- /shop\n- /shop/apps/web\n- /shop/apps/web, /docs\n- no folder',
    });
    assert.throws(() => choose('/shop', { among: [] }), /No VS Code window .* is open/u);
  });
});
