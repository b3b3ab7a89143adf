import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, isIP } from 'node:net';
import type { ProbeOutcome } from '../../core/readiness/endpoint.js';
import { portOfUrl } from '../../core/server/urlPort.js';

/** Maximum time for a response: some servers build the page for the first one; milliseconds. */
const responseMs = 30_000;

const connectMs = 1000;

/** Maximum time for the beginning of a page after its headers, milliseconds: a page may be sent piece by piece. */
const pageMs = 250;

/** Response of Node on the port of its debugger. */
const inspectorResponse = 'WebSockets request was expected';

export interface ProbeTarget {
  /** An http(s) URL, whose path is requested. */
  readonly url: string;
  /** IP address to connect to, since the host name of the URL may also lead to another process. */
  readonly address: string;
  /** Port to connect to, if it is not that of the URL. */
  readonly port?: number;
  /** Reads the beginning of any response below 400, and not only that of a page. */
  readonly isBodyRead?: boolean;
}

export interface HttpResult {
  readonly outcome: ProbeOutcome;
  /** Beginning of the response, as far as it was read. */
  readonly start: string;
  readonly isPage: boolean;
}

/** Sends one GET request. Never rejects; `signal` cancels it, with `noAnswer` as the result. */
export function probeHttp(target: ProbeTarget, signal?: AbortSignal): Promise<HttpResult> {
  const { protocol, hostname, pathname, search, host } = new URL(target.url);
  const options = {
    host: target.address,
    port: target.port ?? portOfUrl(target.url),
    path: pathname + search,
    headers: { host, accept: 'text/html,*/*', connection: 'close' },
    agent: false,
    timeout: responseMs,
    ...(signal && { signal }),
  };
  return new Promise((resolve) => {
    const settle = (response: IncomingMessage): void =>
      void classifyResponse(response, target.isBodyRead === true).then(finish);
    // Certificates for development are self-signed, and the request holds no secret.
    const sent: ClientRequest =
      protocol === 'https:'
        ? httpsRequest({ ...options, servername: serverName(hostname), rejectUnauthorized: false }, settle)
        : httpRequest(options, settle);
    const finish = (result: HttpResult): void => {
      resolve(result);
      sent.destroy();
    };
    sent.once('timeout', () => finish(withoutPage({ kind: 'noAnswer' })));
    sent.on('error', (error: NodeJS.ErrnoException) => finish(withoutPage(classifyError(error))));
    sent.end();
  });
}

/** Returns the name that TLS asks for: none for an IP address, which RFC 6066 does not allow there. */
function serverName(hostname: string): string {
  return isIP(hostname.replaceAll(/[[\]]/g, '')) === 0 ? hostname : '';
}

/**
 * Opens and closes one connection. Never rejects. With `heldMs` it is accepted only if it stays open for this time, or
 * something is sent: a proxy accepts connections for a server that does not listen yet, and closes them at once.
 */
export function probeTcp(address: string, port: number, heldMs = 0): Promise<ProbeOutcome> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: connectMs });
    let held: NodeJS.Timeout | undefined;
    const finish = (outcome: ProbeOutcome): void => {
      clearTimeout(held);
      socket.destroy();
      resolve(outcome);
    };
    const accept = (): void => finish({ kind: 'accepted' });
    socket.once('connect', () => {
      if (heldMs === 0) return accept();
      socket.setTimeout(0);
      held = setTimeout(accept, heldMs);
      socket.once('data', accept);
      socket.once('close', () => finish({ kind: 'closed' }));
    });
    socket.once('timeout', () => finish({ kind: 'refused' }));
    socket.once('error', () => finish({ kind: held ? 'closed' : 'refused' }));
  });
}

/** Distinguishes the server from debuggers and live-reload sockets, which speak HTTP as well. */
async function classifyResponse(response: IncomingMessage, isBodyRead: boolean): Promise<HttpResult> {
  const { statusCode: status = 0 } = response;
  if (status === 426) return withoutPage({ kind: 'tool' });
  if (status === 400 && (await firstChunk(response)).includes(inspectorResponse))
    return withoutPage({ kind: 'tool' });
  const isRead = status >= 200 && status < 400 && (isBodyRead || isHtml(response));
  const start = isRead ? await firstChunk(response, AbortSignal.timeout(pageMs)) : '';
  // API servers use this content type too, as Express does for any text.
  const isPage = isHtml(response) && /<(?:!doctype|html|head|body)\b/i.test(start);
  return { outcome: { kind: 'status', status }, start, isPage };
}

function isHtml({ headers }: IncomingMessage): boolean {
  return headers['content-type']?.includes('text/html') === true;
}

function firstChunk(response: IncomingMessage, limit?: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    response.once('data', (chunk: Buffer) => resolve(chunk.toString('latin1', 0, 1000)));
    response.once('close', () => resolve(''));
    limit?.addEventListener('abort', () => resolve(''));
  });
}

function withoutPage(outcome: ProbeOutcome): HttpResult {
  return { outcome, start: '', isPage: false };
}

function classifyError({ code = '', message }: NodeJS.ErrnoException): ProbeOutcome {
  if (code === 'ABORT_ERR') return { kind: 'noAnswer' };
  if (code === 'ECONNRESET' || code === 'EPIPE') return { kind: 'closed' };
  // The response is not HTTP, or not TLS.
  if (code.startsWith('HPE_') || code.startsWith('ERR_SSL') || code === 'EPROTO') return { kind: 'notHttp' };
  return /socket hang up/.test(message) ? { kind: 'closed' } : { kind: 'refused' };
}
