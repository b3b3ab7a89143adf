import type { AddressInUse } from '../../core/urlDetection/addressInUse.js';
import type { PortConflict } from '../../core/readiness/endpoint.js';
import { scanSockets, socketHolder, type SocketScanDeps } from '../sockets/socketOwners.js';
import type { Listener } from '../system/listeners.js';
import { programName, type TreeRoot } from '../system/processes.js';
import type { OutputFacts } from './outputFacts.js';
import { findPortEvidence, type PortEvidence } from './portEvidence.js';
import type { ScanResult } from './readinessTypes.js';
import type { SocketHistory } from './socketHistory.js';

/** Time after which a change must be found again, since a program that restarts is briefly gone; milliseconds. */
const repeatMs = 400;

interface PartConflictDeps {
  readonly facts: OutputFacts;
  readonly sockets: SocketScanDeps;
  readonly history: SocketHistory;
}

/** Evidence with a known port and socket. */
type PartEvidence = { readonly [Key in 'port' | 'listener']: NonNullable<PortEvidence[Key]> };

/** A conflict that is part of the last result, and the socket that is its cause. */
interface ReportedConflict {
  readonly conflict: PortConflict;
  readonly listener: Listener;
  /** The last scan has found no evidence any more. */
  readonly isDoubtful: boolean;
}

/** Finds that a part of a server cannot listen while another part answers, such as the API of a page. */
export class PartConflict {
  #suspectedPort: number | undefined;
  #reported: ReportedConflict | undefined;

  constructor(private readonly deps: PartConflictDeps) {}

  /** Adds the conflict to the result of a server that answers. Forgets the complaint if it is solved. */
  async addTo(
    result: Extract<ScanResult, { kind: 'healthy' }>,
    complaint: AddressInUse | undefined,
    root: TreeRoot,
    signal: AbortSignal,
  ): Promise<ScanResult> {
    const { endpoint } = result;
    const evidence = complaint && endpoint && (await this.#evidence(complaint, root, signal));
    if (!evidence) return this.#withoutEvidence(result, complaint);
    const isConfirmed = this.#suspectedPort === evidence.port;
    this.#suspectedPort = evidence.port;
    if (!isConfirmed) return { ...result, settlesInMs: repeatMs };
    const conflict = await this.#toConflict(evidence);
    this.#reported = { conflict, listener: evidence.listener, isDoubtful: false };
    return { ...result, endpoint: { ...endpoint, conflict } };
  }

  /** Returns whether the socket of the other program is gone, among the listening sockets of the machine. */
  mayBeOver(listeners: readonly Listener[]): boolean {
    const id = this.#reported?.listener.id;
    return id !== undefined && !listeners.some((each) => each.id === id);
  }

  #withoutEvidence(
    result: Extract<ScanResult, { kind: 'healthy' }>,
    complaint: AddressInUse | undefined,
  ): ScanResult {
    const reported = this.#reported;
    if (reported?.isDoubtful === false && result.endpoint) {
      this.#reported = { ...reported, isDoubtful: true };
      const endpoint = { ...result.endpoint, conflict: reported.conflict };
      return { ...result, endpoint, settlesInMs: repeatMs };
    }
    this.#reported = undefined;
    this.#suspectedPort = undefined;
    this.deps.facts.solve(complaint);
    return result;
  }

  async #evidence(
    complaint: AddressInUse,
    root: TreeRoot,
    signal: AbortSignal,
  ): Promise<PartEvidence | undefined> {
    const { facts, sockets, history } = this.deps;
    const scan = await scanSockets(root, sockets, signal);
    history.add(scan, facts.announced.urls);
    // A server that moves has a new socket. If the complaint names a task, the new socket may belong to another one.
    const isOfOneOfSeveral = complaint.isOfTask === true && complaint.isQuestion !== true;
    if (!isOfOneOfSeveral && history.hasSince(facts.complainedAt)) return undefined;
    const statements = { complaint, expectedPort: undefined, ownPort: undefined, claimedPorts: [] };
    const evidence = findPortEvidence(scan, statements);
    return evidence?.port !== undefined && evidence.listener
      ? { port: evidence.port, listener: evidence.listener }
      : undefined;
  }

  async #toConflict({ port, listener }: PartEvidence): Promise<PortConflict> {
    const entry = await socketHolder(listener, this.deps.sockets);
    return { port, holder: entry && { pid: entry.pid, name: programName(entry.command) } };
  }
}
