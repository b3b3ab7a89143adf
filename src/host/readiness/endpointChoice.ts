import type { ReadinessAttempt } from '../../core/readiness/endpoint.js';
import type { OwnedSocket, SocketScan } from '../sockets/socketOwners.js';
import type { Listener } from '../system/listeners.js';

/**
 * First port that systems give to sockets without a port of their own. Tools use such sockets between their processes.
 */
export const firstEphemeralPort = 32_768;

/** A port on which the server may answer. */
export interface Candidate {
  readonly port: number;
  /** Announced URL; `undefined` for a socket that the server did not announce. */
  readonly announced: string | undefined;
  readonly listener: 'own' | 'published' | 'unknown';
  readonly pid: number | undefined;
  /** Addresses to connect to. */
  readonly addresses: readonly string[];
  /** Sockets of the server on the port; empty when the system lists none. */
  readonly sockets: readonly Listener[];
  /** Another process listens on the same port at another address. */
  readonly contested: boolean;
  /** Another process listens at the same address, so that the system gives each connection to either of the two. */
  readonly isShared: boolean;
}

export interface CandidateSearch {
  readonly scan: SocketScan;
  /** URLs by port, the preferred one first. */
  readonly announced: ReadonlyMap<number, string>;
  /** The only port that counts, if the rule names one. */
  readonly onlyPort: number | undefined;
  /** Returns whether a socket may be the server's without an announcement. */
  readonly isSettled: (listener: Listener) => boolean;
}

const loopback = ['127.0.0.1', '::1'];

/** Returns the ports on which the server may answer: announced ones in their order, then its other sockets by port. */
export function findCandidates({ scan, announced, onlyPort, isSettled }: CandidateSearch): Candidate[] {
  const isAllowed = (port: number): boolean => onlyPort === undefined || port === onlyPort;
  const unannounced = scan.sockets
    .filter(({ listener, owner }) => owner.kind === 'own' && !announced.has(listener.port))
    .filter(
      (socket) =>
        socket.listener.port === onlyPort ||
        (isSettled(socket.listener) && !isOfDaemon(socket) && !isOfInspector(socket)),
    )
    .map(({ listener }) => listener.port);
  const ports = [...announced.keys(), ...[...new Set(unannounced)].toSorted((one, other) => one - other)];
  return ports.filter(isAllowed).flatMap((port) => candidatesAt(port, announced.get(port), scan));
}

/** The port of the debugger of Node and workerd, and those that follow where it is taken. */
function isOfInspector({ listener: { port } }: OwnedSocket): boolean {
  return port >= 9229 && port < 9239;
}

/** A daemon, such as that of Gradle, has a port for its clients, which the system chose. It starts before the server. */
function isOfDaemon({ listener, owner }: OwnedSocket): boolean {
  return owner.kind === 'own' && owner.isDaemon === true && listener.port >= firstEphemeralPort;
}

/** Returns the attempts to report for the announced ports without a candidate, or for any port if none was announced. */
export function missingAttempts(
  { sockets }: SocketScan,
  candidates: readonly Candidate[],
  announced: ReadonlyMap<number, string>,
): ReadinessAttempt[] {
  if (candidates.length === 0 && announced.size === 0)
    return [{ target: '', outcome: { kind: 'notListening' } }];
  return [...announced].flatMap(([port, target]): ReadinessAttempt[] => {
    if (candidates.some((candidate) => candidate.port === port)) return [];
    const onPort = sockets.filter(({ listener }) => listener.port === port);
    const isForeign = onPort.length > 0 && onPort.every(({ owner }) => owner.kind === 'foreign');
    return [{ target, outcome: { kind: isForeign ? 'foreign' : 'notListening' } }];
  });
}

function candidatesAt(port: number, announced: string | undefined, scan: SocketScan): Candidate[] {
  const onPort = scan.sockets.filter(({ listener }) => listener.port === port);
  for (const kind of ['own', 'published', 'unknown'] as const) {
    const found = onPort.filter(({ owner }) => owner.kind === kind);
    if (found.length > 0) return [createCandidate(port, announced, kind, found, onPort)];
  }
  // A socket that the system does not list, as one in a container, is found by connecting to it.
  const isHidden = announced !== undefined && (!scan.isKnown || onPort.length === 0);
  return isHidden ? [createCandidate(port, announced, 'unknown', [], onPort)] : [];
}

function createCandidate(
  port: number,
  announced: string | undefined,
  kind: Candidate['listener'],
  found: readonly OwnedSocket[],
  onPort: readonly OwnedSocket[],
): Candidate {
  const [first] = found;
  const sockets = found.map(({ listener }) => listener);
  const foreignListeners = onPort
    .filter(({ owner }) => owner.kind === 'foreign')
    .map(({ listener }) => listener);
  const isShared = sockets.some(({ address }) => foreignListeners.some((each) => each.address === address));
  return {
    port,
    announced,
    listener: kind,
    pid: first?.owner.kind === 'own' ? first.owner.pid : undefined,
    addresses: sockets.length === 0 ? loopback : connectAddresses(sockets, isShared ? [] : foreignListeners),
    sockets,
    contested: foreignListeners.length > 0,
    isShared,
  };
}

/**
 * A socket bound to one address receives the connections to it before a socket bound to all addresses, so addresses of
 * other processes are left out.
 */
function connectAddresses(sockets: readonly Listener[], foreignListeners: readonly Listener[]): string[] {
  const taken = new Set(
    foreignListeners.map(({ address }) => (address === '0.0.0.0' ? '127.0.0.1' : address)),
  );
  const addresses = sockets.flatMap(({ address }) => {
    if (address === '0.0.0.0') return taken.has('127.0.0.1') ? [] : ['127.0.0.1'];
    // Accepts IPv4 as well, unless the server restricted it to IPv6.
    return address === '::' ? loopback.filter((each) => !taken.has(each)) : [address];
  });
  return [...new Set(addresses)];
}
