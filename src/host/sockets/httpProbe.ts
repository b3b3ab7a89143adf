import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import type { ProbeOutcome } from '../../core/readiness/endpoint.js';

/** How long a server may work on its first answer, as some build the page for it; milliseconds. */
const answerMs = 30_000;

const connectMs = 1000;

/** What Node answers on the port of its debugger. */
const inspectorAnswer = 'WebSockets request was expected';

export interface ProbeTarget {
  /** http(s); its path is asked for. */
  readonly url: string;
  /** Where to connect to, since the name in the address may lead to somebody else too. */
  readonly address: string;
}

/** Asks once by GET. Never rejects; `signal` ends it early, as not answered. */
export function probeHttp({ url, address }: ProbeTarget, signal?: AbortSignal): Promise<ProbeOutcome> {
  const { protocol, hostname, port, pathname, search, host } = new URL(url);
  const options = {
    host: address,
    port: port || (protocol === 'https:' ? 443 : 80),
    path: pathname + search,
    headers: { host, accept: 'text/html,*/*', connection: 'close' },
    agent: false,
    timeout: answerMs,
    ...(signal && { signal }),
  };
  return new Promise((resolve) => {
    const settle = (response: IncomingMessage): void => void outcomeOf(response).then(finish);
    // A certificate for development is signed by nobody, and nothing secret is sent.
    const asked: ClientRequest =
      protocol === 'https:'
        ? httpsRequest({ ...options, servername: hostname, rejectUnauthorized: false }, settle)
        : httpRequest(options, settle);
    const finish = (outcome: ProbeOutcome): void => {
      resolve(outcome);
      asked.destroy();
    };
    asked.once('timeout', () => finish({ kind: 'noAnswer' }));
    asked.on('error', (error: NodeJS.ErrnoException) => finish(failureOf(error)));
    asked.end();
  });
}

/** Whether a connection is accepted. Never rejects. */
export function probeTcp(address: string, port: number): Promise<ProbeOutcome> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: connectMs });
    const finish = (outcome: ProbeOutcome): void => {
      socket.destroy();
      resolve(outcome);
    };
    socket.once('connect', () => finish({ kind: 'accepted' }));
    socket.once('timeout', () => finish({ kind: 'refused' }));
    socket.once('error', () => finish({ kind: 'refused' }));
  });
}

/** A debugger speaks HTTP as well, and so do sockets that only live reloading uses; neither is the server. */
async function outcomeOf(response: IncomingMessage): Promise<ProbeOutcome> {
  const { statusCode: status = 0 } = response;
  if (status === 426) return { kind: 'tool' };
  if (status === 400 && (await beginningOf(response)).includes(inspectorAnswer)) return { kind: 'tool' };
  return { kind: 'status', status };
}

function beginningOf(response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    response.once('data', (chunk: Buffer) => resolve(chunk.toString('latin1', 0, 1000)));
    response.once('close', () => resolve(''));
  });
}

function failureOf({ code = '', message }: NodeJS.ErrnoException): ProbeOutcome {
  if (code === 'ABORT_ERR') return { kind: 'noAnswer' };
  if (code === 'ECONNRESET' || code === 'EPIPE') return { kind: 'closed' };
  // What comes back is no HTTP, or no TLS.
  if (code.startsWith('HPE_') || code.startsWith('ERR_SSL') || code === 'EPROTO') return { kind: 'notHttp' };
  return /socket hang up/.test(message) ? { kind: 'closed' } : { kind: 'refused' };
}
