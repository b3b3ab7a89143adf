import type { AddressInUse } from '../../core/urlDetection/addressInUse.js';
import type { SocketScan } from '../sockets/socketOwners.js';
import type { Listener } from '../system/listeners.js';

/** Evidence that another program uses the port that a server needs. */
export interface PortEvidence {
  /** `undefined` when the server does not name it. */
  readonly port: number | undefined;
  /** Socket of the other program, if it is known. */
  readonly listener: Listener | undefined;
  /** `true` when the server waits for an answer; other evidence must repeat. */
  readonly isCertain: boolean;
}

/** Statements of a server about its ports. */
export interface PortStatements {
  /** Its last complaint, unless it has recovered. */
  readonly complaint: AddressInUse | undefined;
  /** The port on which it is expected. */
  readonly expectedPort: number | undefined;
  /** The port on which it last said that it starts. */
  readonly ownPort: number | undefined;
  /** Ports that it has claimed as its own for some time. */
  readonly claimedPorts: readonly number[];
}

/**
 * Finds evidence that the port of a server is taken: its complaint about a port where it has no socket, or its claim of a
 * port where another process listens while it has no socket at all. Output that only mentions an address is no evidence.
 */
export function findPortEvidence(scan: SocketScan, statements: PortStatements): PortEvidence | undefined {
  return complaintEvidence(scan, statements) ?? claimEvidence(scan, statements.claimedPorts);
}

function complaintEvidence(
  scan: SocketScan,
  { complaint, expectedPort, ownPort }: PortStatements,
): PortEvidence | undefined {
  if (!complaint) return undefined;
  const port = complaint.port ?? expectedPort ?? foreignPort(scan, ownPort);
  const isCertain = complaint.isQuestion === true;
  if (port === undefined) return hasOwnSocket(scan) ? undefined : { port, listener: undefined, isCertain };
  const onPort = scan.sockets.filter(({ listener }) => listener.port === port);
  if (hasOwnSocket({ sockets: onPort })) return undefined;
  const [first] = onPort;
  // If no other socket is there, the other program has exited in the meantime.
  return first || !scan.isKnown ? { port, listener: first?.listener, isCertain } : undefined;
}

function claimEvidence(scan: SocketScan, claimedPorts: readonly number[]): PortEvidence | undefined {
  if (hasOwnSocket(scan)) return undefined;
  const foreign = scan.sockets.find(
    ({ listener, owner }) => owner.kind === 'foreign' && claimedPorts.includes(listener.port),
  );
  return foreign && { port: foreign.listener.port, listener: foreign.listener, isCertain: false };
}

/** Returns the port if another process listens there. */
function foreignPort({ sockets }: SocketScan, port: number | undefined): number | undefined {
  const isTaken = sockets.some(({ listener, owner }) => owner.kind === 'foreign' && listener.port === port);
  return isTaken ? port : undefined;
}

function hasOwnSocket({ sockets }: Pick<SocketScan, 'sockets'>): boolean {
  return sockets.some(({ owner }) => owner.kind === 'own' || owner.kind === 'published');
}
