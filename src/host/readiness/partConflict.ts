import type { AddressInUse } from '../../core/urlDetection/addressInUse.js';
import type { PortConflict } from '../../core/readiness/endpoint.js';
import { scanSockets, socketHolder, type SocketScanDeps } from '../sockets/socketOwners.js';
import { programName, type TreeRoot } from '../system/processes.js';
import type { OutputFacts } from './outputFacts.js';
import { findPortEvidence, type PortEvidence } from './portEvidence.js';
import type { ScanResult } from './readinessState.js';
import type { SocketHistory } from './socketHistory.js';

/** Time after which evidence must be found again, since a part that restarts is briefly gone; milliseconds. */
const repeatMs = 400;

interface PartConflictDeps {
  readonly facts: OutputFacts;
  readonly sockets: SocketScanDeps;
  readonly history: SocketHistory;
}

/** Finds that a part of a server cannot listen while another part answers, such as the API of a page. */
export class PartConflict {
  #suspectedPort: number | undefined;

  constructor(private readonly deps: PartConflictDeps) {}

  /** Adds the conflict to the result of a server that answers. Forgets the complaint if it is solved. */
  async addTo(
    result: Extract<ScanResult, { kind: 'healthy' }>,
    complaint: AddressInUse | undefined,
    root: TreeRoot,
    signal: AbortSignal,
  ): Promise<ScanResult> {
    const { facts } = this.deps;
    const { endpoint } = result;
    const evidence = complaint && endpoint && (await this.#evidence(complaint, root, signal));
    if (!evidence) {
      this.#suspectedPort = undefined;
      facts.solve(complaint);
      return result;
    }
    const isConfirmed = this.#suspectedPort === evidence.port;
    this.#suspectedPort = evidence.port;
    if (!isConfirmed) return { ...result, settlesInMs: repeatMs };
    return { ...result, endpoint: { ...endpoint, conflict: await this.#toConflict(evidence) } };
  }

  async #evidence(
    complaint: AddressInUse,
    root: TreeRoot,
    signal: AbortSignal,
  ): Promise<(PortEvidence & { readonly port: number }) | undefined> {
    const { facts, sockets, history } = this.deps;
    const scan = await scanSockets(root, sockets, signal);
    history.add(scan, facts.announced.urls);
    // A server that moves has a new socket; a task of several may be another program than the one with the new socket.
    const isOfOneOfSeveral = complaint.isOfTask === true && complaint.isQuestion !== true;
    if (!isOfOneOfSeveral && history.hasSince(facts.complainedAt)) return undefined;
    const statements = { complaint, expectedPort: undefined, claimedPorts: [] };
    const evidence = findPortEvidence(scan, statements);
    return evidence?.port !== undefined && evidence.listener
      ? { ...evidence, port: evidence.port }
      : undefined;
  }

  async #toConflict({ port, listener }: PortEvidence & { readonly port: number }): Promise<PortConflict> {
    const entry = listener && (await socketHolder(listener, this.deps.sockets));
    return { port, holder: entry && { pid: entry.pid, name: programName(entry.command) } };
  }
}
