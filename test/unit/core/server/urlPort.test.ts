import assert from 'node:assert/strict';
import { it } from 'vitest';
import { portOfUrl, portsOfUrls } from '../../../../src/core/server/urlPort.js';

it('the port of a URL is that of its scheme where it has none, and a text that is no URL has none', () => {
  const texts = [
    'http://localhost:5173/',
    'https://shop.test/',
    'http://[::1]/a',
    'http://[broken',
    '',
    ':80',
  ];
  assert.deepEqual(texts.map(portOfUrl), [5173, 443, 80, undefined, undefined, undefined]);
  assert.deepEqual(portsOfUrls(texts), [5173, 443, 80]);
});
