import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { hostCheck } from '../../../src/staticServer/allowedHosts.js';

const port = 8080;

function allowed(hosts: readonly (string | undefined)[], env: NodeJS.ProcessEnv = {}) {
  return hosts.filter(hostCheck(env, port));
}

describe('the host of a request to the static server', () => {
  it('is a name of this machine or an address', () => {
    const hosts = ['localhost', 'localhost:8080', 'LocalHost:1', 'localhost.', 'app.localhost:8080'];
    const addresses = [
      '127.0.0.1:8080',
      '127.1.2.3',
      '[::1]:8080',
      '[::1]',
      '192.168.1.5:80',
      '[::ffff:127.0.0.1]',
    ];
    assert.deepEqual(allowed([...hosts, ...addresses]), [...hosts, ...addresses]);
  });

  it('is no other name, which may be rebound to this machine', () => {
    assert.deepEqual(
      allowed([
        undefined,
        '',
        'evil.example',
        'evil.example:8080',
        'localhost.evil.example',
        'evil.localhost.example',
        'notlocalhost',
        'localhost:8080@evil.example',
        'localhost evil.example',
        'localhost, evil.example',
        'localhost:8080:8080',
        'localhost:port',
        'localhost/evil.example',
        '127.0.0.1.evil.example',
        '127.0.0.1.nip.io',
        '::1',
        '[::1].evil.example',
        '[evil.example]',
        '0x7f.1',
        '2130706433',
        '.localhost.',
        'xn--lcalhost-54a',
        'ＬＯＣＡＬＨＯＳＴ',
        'localhost\u0000.evil.example',
      ]),
      ['.localhost.'],
    );
  });

  it('is also the name under which the editor forwards the port, and any that the user names', () => {
    const hosts = ['8080.code.example.com', '8081.code.example.com', 'code.example.com', 'mine.example:1'];
    const byName = { VSCODE_PROXY_URI: 'https://{{port}}.code.example.com/' };
    assert.deepEqual(allowed(hosts, byName), ['8080.code.example.com']);
    const byPath = { VSCODE_PROXY_URI: 'https://code.example.com:8443/proxy/{{port}}/' };
    assert.deepEqual(allowed(hosts, byPath), ['code.example.com']);
    assert.deepEqual(allowed(hosts, { VSCODE_PROXY_URI: './proxy/{{port}}' }), []);
    assert.deepEqual(allowed(hosts, { ALLOWED_HOSTS: ' other.example, MINE.example ,' }), ['mine.example:1']);
  });
});
