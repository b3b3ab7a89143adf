import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { fitsQrCode, qrPage } from '../../../../src/vscode/display/qrPage.js';

describe('the page with a QR code', () => {
  it('loads nothing, runs nothing, and shows texts as they are', () => {
    const page = qrPage({
      title: '<web>',
      url: 'http://192.0.2.7:5173/?q="><script>',
      hint: 'Scan & open',
    });
    assert.match(page, /content="default-src 'none'; style-src 'unsafe-inline'"/u);
    assert.equal(page.includes('<script'), false);
    assert.match(page, /<title>&#60;web&#62;<\/title>/u);
    assert.match(page, /<p>Scan &#38; open<\/p>/u);
  });

  it('differs with the URL', () => {
    const [one, other] = ['http://192.0.2.7:5173/', 'http://192.0.2.7:5174/'].map(
      (url) => /<svg.*<\/svg>/su.exec(qrPage({ title: '', url, hint: '' }))?.[0],
    );
    assert.ok(one);
    assert.notEqual(one, other);
  });

  it('holds every URL that fits', () => {
    const url = 'http://192.0.2.7:5173/?q=';
    const longest = url.padEnd(2331, 'a');
    assert.deepEqual([longest, `${longest}a`].map(fitsQrCode), [true, false]);
    assert.match(qrPage({ title: '', url: longest, hint: '' }), /<svg/u);
  });
});
