import { isThisMachine } from '../sockets/hostNames.js';
import { probeHttp } from '../sockets/httpProbe.js';
import type { Candidate } from './endpointChoice.js';

/**
 * Returns whether a URL at another program, such as a proxy that gives servers names, leads to the server: both answer a
 * request for that host with the same content. Never rejects.
 */
export async function leadsTo(candidate: Candidate, url: string, signal: AbortSignal): Promise<boolean> {
  const [address] = candidate.addresses;
  if (address === undefined || !(await isThisMachine(new URL(url).hostname))) return false;
  const direct = { url: url.replace(/^https:/, 'http:'), address, port: candidate.port, isBodyRead: true };
  const [one, other] = await Promise.all([
    probeHttp(direct, signal),
    probeHttp({ url, address: '127.0.0.1', isBodyRead: true }, signal),
  ]);
  if (one.outcome.kind !== 'status' || other.outcome.kind !== 'status') return false;
  return (
    one.outcome.status < 400 && one.outcome.status === other.outcome.status && isSame(one.start, other.start)
  );
}

/** An empty response is the same for every server. */
function isSame(one: string, other: string): boolean {
  return one !== '' && one === other;
}
