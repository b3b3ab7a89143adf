import type { Listener } from '../system/listeners.js';
import { portOfUrl } from '../sockets/tcpPorts.js';
import type { OwnedSocket, SocketScan } from '../sockets/socketOwners.js';

/** A port on which the server may answer. */
export interface Candidate {
  readonly port: number;
  /** The address that the server has announced; `undefined` for a socket that it has not spoken of. */
  readonly announced: string | undefined;
  readonly listener: 'own' | 'published' | 'unknown';
  readonly pid: number | undefined;
  /** Where to connect to. */
  readonly addresses: readonly string[];
  /** The sockets that make it one; empty when nobody tells of any. */
  readonly sockets: readonly Listener[];
  /** Somebody else listens on the port too, at another address. */
  readonly contested: boolean;
}

export interface CandidateSearch {
  readonly look: SocketScan;
  /** Addresses by port, the one to prefer first. */
  readonly announced: ReadonlyMap<number, string>;
  /** The only port that counts, if there is one. */
  readonly only: number | undefined;
  /** Whether a socket that was not announced may be the server. */
  readonly isSilent: (listener: Listener) => boolean;
}

const loopback = ['127.0.0.1', '::1'];

/** Where the server may answer: announced addresses first, in their order, then sockets of its own, by port. */
export function findCandidates({ look, announced, only, isSilent }: CandidateSearch): Candidate[] {
  const counts = (port: number): boolean => only === undefined || port === only;
  const silent = look.sockets
    .filter(({ listener, owner }) => owner.kind === 'own' && !announced.has(listener.port))
    .filter(({ listener }) => listener.port === only || isSilent(listener))
    .map(({ listener }) => listener.port);
  const ports = [...announced.keys(), ...[...new Set(silent)].toSorted((one, other) => one - other)];
  return ports.filter(counts).flatMap((port) => candidateAt(port, announced.get(port), look));
}

/** The sockets of strangers on an announced port, where there is none of the server's. */
export function foreignListenersAt({ sockets }: SocketScan, url: string): Listener[] {
  const there = sockets.filter(({ listener }) => listener.port === portOfUrl(url));
  return there.every(({ owner }) => owner.kind === 'foreign') ? there.map(({ listener }) => listener) : [];
}

function candidateAt(port: number, announced: string | undefined, look: SocketScan): Candidate[] {
  const there = look.sockets.filter(({ listener }) => listener.port === port);
  for (const kind of ['own', 'published', 'unknown'] as const) {
    const found = there.filter(({ owner }) => owner.kind === kind);
    if (found.length > 0) return [candidate(port, announced, kind, found, there)];
  }
  // What listens elsewhere than the system tells of, as in a container, is found by asking.
  const isHidden = announced !== undefined && (!look.isKnown || there.length === 0);
  return isHidden ? [candidate(port, announced, 'unknown', [], there)] : [];
}

function candidate(
  port: number,
  announced: string | undefined,
  kind: Candidate['listener'],
  found: readonly OwnedSocket[],
  there: readonly OwnedSocket[],
): Candidate {
  const [first] = found;
  const sockets = found.map(({ listener }) => listener);
  const foreignListeners = there
    .filter(({ owner }) => owner.kind === 'foreign')
    .map(({ listener }) => listener);
  return {
    port,
    announced,
    listener: kind,
    pid: first?.owner.kind === 'own' ? first.owner.pid : undefined,
    addresses: sockets.length === 0 ? loopback : addressesOf(sockets, foreignListeners),
    sockets,
    contested: foreignListeners.length > 0,
  };
}

/** What is bound to an address goes before what is bound to all, so a stranger's are not the server's. */
function addressesOf(sockets: readonly Listener[], foreignListeners: readonly Listener[]): string[] {
  const taken = new Set(
    foreignListeners.map(({ address }) => (address === '0.0.0.0' ? '127.0.0.1' : address)),
  );
  const addresses = sockets.flatMap(({ address }) => {
    if (address === '0.0.0.0') return taken.has('127.0.0.1') ? [] : ['127.0.0.1'];
    // It takes IPv4 as well, unless it was told not to.
    return address === '::' ? loopback.filter((each) => !taken.has(each)) : [address];
  });
  return [...new Set(addresses)];
}
