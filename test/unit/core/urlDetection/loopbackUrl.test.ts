import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { findLinks, linkUrl } from '../../../../src/core/urlDetection/links.js';
import { loopbackUrl } from '../../../../src/core/urlDetection/urlScanner.js';

describe('the loopback URL', () => {
  it('is only of this machine, in its normal form', () => {
    const table = {
      'http://localhost:3000': 'http://localhost:3000/',
      'http://0.0.0.0:3000/a': 'http://localhost:3000/a',
      'http://[::]:3000': 'http://localhost:3000/',
      'https://[::1]:3000': 'https://[::1]:3000/',
      'http://127.1.2.3:1': 'http://127.1.2.3:1/',
      'http://app.localhost:3000': 'http://app.localhost:3000/',
      'http://localhost:99999': undefined,
      'http://user@localhost:3000': undefined,
      'http://:secret@localhost:3000': undefined,
      'http://127.0.0.1.evil.example:1': undefined,
      'http://1127.0.0.1': undefined,
      'http://127.100.200.255/': 'http://127.100.200.255/',
      'ftp://localhost/': undefined,
      'file://localhost/etc/passwd': undefined,
      'http://192.168.0.1:3000': undefined,
      'http://localhost.evil.example': undefined,
      'file:///etc/passwd': undefined,
      nonsense: undefined,
    };
    assert.deepEqual(
      Object.keys(table).map((text) => loopbackUrl(text)),
      Object.values(table),
    );
  });

  it('is the same for a link in a line', () => {
    const parts = fc.constantFrom('/', '.', '..', 'a', '?', '#', '%41', 'ä', ':', '~', '&', '80', "'", '@');
    const port = fc.constantFrom(1, 80, 443, 999, 1000, 3000, 9999, 10_000, 65_535, 65_536);
    const host = fc.constantFrom('localhost', '127.0.0.1', 'LOCALHOST', '0.0.0.0', '[::1]', '[::]');
    const scheme = fc.constantFrom('http', 'https');
    fc.assert(
      fc.property(scheme, host, port, fc.array(parts), ($scheme, $host, $port, path) => {
        const [link] = findLinks(`${$scheme}://${$host}:${$port}/${path.join('')}`);
        assert.ok(link?.local);
        const text = `${$scheme}://${$host}:${$port}${link.local.tail.replace(/[.:!?*_~]+$/, '')}`;
        assert.equal(linkUrl(link.scheme, link.local), loopbackUrl(text));
      }),
    );
  });
});
