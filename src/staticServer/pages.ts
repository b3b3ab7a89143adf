import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.avif': 'image/avif',
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.htm': 'text/html; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.xml': 'text/xml; charset=utf-8',
};

/** The answer to a request: a file, a redirection, or an error. */
type Page =
  | { readonly kind: 'file'; readonly path: string; readonly bytes: number }
  | { readonly kind: 'moved'; readonly to: string }
  | { readonly kind: 'missing' };

/** Answers a request with a file of the folder; never with a file that is hidden or outside of it. */
export async function servePage(
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    return;
  }
  const page = await findPage(root, request.url ?? '/');
  if (page.kind === 'missing') return void response.writeHead(404).end('Not found\n');
  if (page.kind === 'moved') return void response.writeHead(301, { Location: page.to }).end();
  response.writeHead(200, {
    'Content-Type': types[extname(page.path).toLowerCase()] ?? 'application/octet-stream',
    'Content-Length': page.bytes,
    // A file that was just saved must be served at once.
    'Cache-Control': 'no-cache',
  });
  if (request.method === 'HEAD') return void response.end();
  // A file may be removed while it is read; only the end of the connection can report that.
  createReadStream(page.path, { end: Math.max(0, page.bytes - 1) })
    .on('error', () => response.destroy())
    .pipe(response);
}

async function findPage(root: string, url: string): Promise<Page> {
  const path = visiblePath(url);
  if (path === undefined) return { kind: 'missing' };
  const found = await resolveInside(root, path);
  if (!found) return { kind: 'missing' };
  if (!found.isFolder) return { kind: 'file', path: found.path, bytes: found.bytes };
  // Relative links need the final slash. A path with two leading slashes would redirect to another host.
  if (!path.endsWith('/')) return { kind: 'moved', to: `${encodeURI(path.replace(/^\/+/, '/'))}/` };
  const index = await resolveInside(root, `${path}index.html`);
  return index && !index.isFolder
    ? { kind: 'file', path: index.path, bytes: index.bytes }
    : { kind: 'missing' };
}

/**
 * Returns the path of a URL; `undefined` if it is invalid, leads upwards, or has a hidden part such as `.env` or
 * `.git`.
 */
function visiblePath(url: string): string | undefined {
  try {
    const path = decodeURIComponent(url.split(/[?#]/, 1)[0] ?? '');
    const isUsual = path.startsWith('/') && !/[\0\\]/.test(path);
    return isUsual && !path.split('/').some((part) => part.startsWith('.')) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Resolves a path below the folder; `undefined` if it does not exist, or if a symbolic link leads out of the folder. */
async function resolveInside(
  root: string,
  path: string,
): Promise<{ readonly path: string; readonly bytes: number; readonly isFolder: boolean } | undefined> {
  try {
    const real = await realpath(join(root, path));
    if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep)) return undefined;
    const status = await stat(real);
    const isFolder = status.isDirectory();
    return isFolder || status.isFile() ? { path: real, bytes: status.size, isFolder } : undefined;
  } catch {
    return undefined;
  }
}
