import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { AnnouncedPorts } from '../../../../src/host/readiness/announcedPorts.js';
import { TreeEndpoints, type KnownEndpoint } from '../../../../src/host/readiness/treeEndpoints.js';

interface Known {
  readonly pid?: number;
  readonly isPage?: boolean;
  readonly isReady?: boolean;
  readonly announced?: boolean;
}

const known = (
  port: number,
  { pid = 1, isPage = false, isReady = true, announced = true }: Known,
): KnownEndpoint => {
  const url = `http://localhost:${port}/`;
  return {
    candidate: {
      port,
      announced: announced ? url : undefined,
      listener: 'own',
      pid,
      addresses: ['127.0.0.1'],
      sockets: [],
      contested: false,
      isShared: false,
    },
    endpoint: { url, listener: 'own', pid, contested: false },
    isPage,
    isReady,
  };
};

/** Returns the ports in their order of preference, whatever the order in which they answered. */
function order(entries: Readonly<Record<number, Known>>, announced = new AnnouncedPorts()): number[] {
  for (const [port, { announced: isAnnounced = true }] of Object.entries(entries))
    if (isAnnounced) announced.announce(`http://localhost:${port}/`);
  const orders = [Object.entries(entries), Object.entries(entries).toReversed()].map((each) => {
    const tree = new TreeEndpoints(announced);
    for (const [port, entry] of each) tree.add(known(Number(port), entry));
    const best = tree.best()?.candidate.port ?? 0;
    return [`http://localhost:${best}/`]
      .concat(tree.urlsExcept(best))
      .map((url) => Number(new URL(url).port));
  });
  assert.deepEqual(orders[0], orders[1]);
  return orders[0] ?? [];
}

describe('the addresses of a tree', () => {
  it('begin with a page, then what is announced, then the lower port', () => {
    assert.deepEqual(
      order({
        3000: { pid: 1 },
        5173: { pid: 2, isPage: true },
        2000: { pid: 3, announced: false },
        2500: { pid: 4 },
      }),
      [5173, 2500, 3000, 2000],
    );
  });

  it('begin with the expected port, regardless of its answer', () => {
    const announced = new AnnouncedPorts();
    announced.expect(4000);
    assert.deepEqual(order({ 3000: { isPage: true }, 4000: {} }, announced), [4000, 3000]);
  });

  it('begin with the one that is labelled as local when no page tells', () => {
    const announced = new AnnouncedPorts();
    announced.markLocal(5173);
    assert.deepEqual(order({ 3000: { pid: 1 }, 5173: { pid: 2 } }, announced), [5173, 3000]);
  });

  it('of one process keep the order of their announcement', () => {
    const announced = new AnnouncedPorts();
    announced.announce('http://localhost:8080/');
    assert.deepEqual(
      order({ 3001: { pid: 1 }, 8080: { pid: 1 }, 4000: { pid: 2 } }, announced),
      [8080, 3001, 4000],
    );
  });

  it('do not begin with one that answers with an error', () => {
    assert.deepEqual(order({ 3000: { isPage: true, isReady: false }, 4000: { pid: 2 } }), [4000, 3000]);
  });
});

describe('the URL of a port', () => {
  const best = (...urls: readonly string[]): string | undefined => {
    const announced = new AnnouncedPorts();
    for (const url of urls) announced.announce(url);
    return announced.urls.get(3000);
  };

  it('has the host that is the same at each start', () => {
    const hosts = ['localhost', 'app.localhost', '127.0.0.1', '[::1]'].map((host) => `http://${host}:3000/`);
    for (let from = 0; from < hosts.length; from += 1) {
      assert.equal(best(...hosts.slice(from)), hosts[from]);
      assert.equal(best(...hosts.slice(from).toReversed()), hosts[from]);
    }
  });

  it('is the root of the server', () => {
    assert.equal(best('http://localhost:3000/admin', 'http://127.0.0.1:3000/'), 'http://127.0.0.1:3000/');
  });

  it('with a host name counts once that is known to be this machine', () => {
    const announced = new AnnouncedPorts();
    announced.name('http://app.test:3000/');
    assert.equal(announced.urls.size, 0);
    announced.settleName('http://app.test:3000/', true);
    announced.name('http://app.test:3000/');
    assert.deepEqual([announced.urls.get(3000), announced.named.size], ['http://app.test:3000/', 0]);
  });
});
