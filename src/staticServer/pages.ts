import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { byteRange } from './byteRange.js';
import { openInside, type Found } from './openInside.js';

const types: Readonly<Record<string, string>> = {
  '.avif': 'image/avif',
  '.cjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.htm': 'text/html; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
  '.otf': 'font/otf',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webm': 'video/webm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.xml': 'text/xml; charset=utf-8',
};

/** The answer to a request: a file, a redirection, or an error. */
type Page =
  | Extract<Found, { kind: 'file' }>
  | { readonly kind: 'moved'; readonly to: string }
  | { readonly kind: 'missing' };

/**
 * Answers a request with a file of the folder; never with a file that is hidden or outside of it. Resolves when the
 * answer is sent, or the client has gone while it was sent.
 */
export async function servePage(
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    return;
  }
  // A client may send many requests at once. One that waits for the answers before it must have no file open, since it
  // does not learn that the client has gone.
  if (!response.socket) await once(response, 'socket');
  const page = await findPage(root, request.url ?? '/');
  if (page.kind === 'missing') return answer(response, 404, 'Not found\n');
  if (page.kind === 'moved') return void response.writeHead(301, { Location: page.to }).end();
  try {
    await sendFile(page, request, response);
  } finally {
    await page.file.close();
  }
}

/** Answers with a line of text. */
export function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
}

async function sendFile(
  { path, bytes, file }: Extract<Page, { kind: 'file' }>,
  { method, headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader('Accept-Ranges', 'bytes');
  const range = method === 'GET' ? requestedRange(headers, bytes) : undefined;
  if (range === 'unsatisfiable')
    return void response.writeHead(416, { 'Content-Range': `bytes */${bytes}` }).end();
  const { start, end } = range ?? { start: 0, end: bytes - 1 };
  const length = end + 1 - start;
  response.writeHead(range ? 206 : 200, {
    'Content-Type': types[extname(path).toLowerCase()] ?? 'application/octet-stream',
    'Content-Length': length,
    // A file that was just saved must be served at once.
    'Cache-Control': 'no-cache',
    ...(range && { 'Content-Range': `bytes ${start}-${end}/${bytes}` }),
  });
  if (method === 'HEAD' || length === 0) return void response.end();
  const content = file.createReadStream({ start, end, autoClose: false });
  await pipeline(content, response, { end: false });
  // A file may become shorter while it is read. Only the end of the connection can report that.
  if (content.bytesRead === length) response.end();
  else response.destroy();
}

function requestedRange(headers: IncomingMessage['headers'], bytes: number): ReturnType<typeof byteRange> {
  // This server names no versions of files, so that no such condition can hold.
  return headers['if-range'] === undefined ? byteRange(headers.range, bytes) : undefined;
}

async function findPage(root: string, url: string): Promise<Page> {
  const path = visiblePath(url);
  const found = path === undefined ? undefined : await openInside(root, path);
  if (path === undefined || !found) return { kind: 'missing' };
  if (found.kind === 'file') return found;
  // Relative links need the final slash.
  if (!path.endsWith('/')) return { kind: 'moved', to: `${encodedPath(path)}/${queryOf(url)}` };
  const index = await openInside(root, `${path}index.html`);
  return index?.kind === 'file' ? index : { kind: 'missing' };
}

/** Encodes a path for a redirection. One with two leading slashes would lead to another host. */
function encodedPath(path: string): string {
  return path.replace(/^\/+/, '/').split('/').map(encodeURIComponent).join('/');
}

/** Returns the query of a URL with its question mark, or an empty text. */
function queryOf(url: string): string {
  return /^[^?#]*(?<query>\?[^#]*)/u.exec(url)?.groups?.['query'] ?? '';
}

/**
 * Returns the path of a URL; `undefined` if it is invalid, leads upwards, or has a hidden part such as `.env` or
 * `.git`.
 */
function visiblePath(url: string): string | undefined {
  try {
    const path = decodeURIComponent(url.split(/[?#]/, 1)[0] ?? '');
    // A colon names a stream of a file on Windows.
    const isUsual = path.startsWith('/') && !/[\0\\]/.test(path);
    const isStream = process.platform === 'win32' && path.includes(':');
    return isUsual && !isStream && !path.split('/').some((part) => part.startsWith('.')) ? path : undefined;
  } catch {
    return undefined;
  }
}
