import { renderSVG } from 'uqr';
import { ViewColumn, window } from 'vscode';
import { plainText } from '../../core/plainText.js';

/** Maximum number of bytes in a QR code with error correction level M: ISO/IEC 18004, version 40. */
const maxBytes = 2331;

export interface QrPage {
  readonly title: string;
  readonly url: string;
  /** Text below the code. */
  readonly hint: string;
}

/** Returns whether a QR code can hold the URL. */
export function fitsQrCode(url: string): boolean {
  return Buffer.byteLength(url) <= maxBytes;
}

/** Opens an editor with the QR code of a URL that fits. Its page runs no script and loads nothing. */
export function openQrPage({ title, url, hint }: QrPage): void {
  const panel = window.createWebviewPanel('devServers.qrCode', plainText(title), ViewColumn.Active, {
    enableScripts: false,
    localResourceRoots: [],
  });
  panel.webview.html = qrPage({ title, url, hint });
}

/** Returns the page. Scanners need a dark code on a light ground, with a border of four modules. */
export function qrPage({ title, url, hint }: QrPage): string {
  return `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>
body { display: flex; flex-direction: column; align-items: center; gap: 1em; padding: 2em; font-size: 1.1em; }
svg { width: min(70vw, 60vh, 20em); border-radius: 6px; }
p { margin: 0; text-align: center; overflow-wrap: anywhere; }
a { font-size: 1.2em; }
</style>
</head>
<body>
${renderSVG(url, { border: 4, ecc: 'M' })}
<p><a href="${escaped(url)}">${escaped(url)}</a></p>
<p>${escaped(hint)}</p>
</body>
</html>`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/gu, (character) => `&#${character.codePointAt(0)};`);
}
