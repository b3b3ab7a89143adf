import type { ProcessIdentity } from '../server/state.js';
import type { ServerId } from '../server/identity.js';

/** Owner of a process that uses a port. */
export type PortOwner =
  /** A server of this window. */
  | { readonly kind: 'server'; readonly serverId: ServerId }
  /** A process that another window started; its ledger tells which server, if it is there. */
  | { readonly kind: 'otherWindow'; readonly run: WindowRun | undefined }
  /** The editor, the process host, or their parents. */
  | { readonly kind: 'editor' }
  /** A container engine, which listens on behalf of a container. */
  | { readonly kind: 'containers' }
  | { readonly kind: 'foreign' };

/** A server as the ledger of another window records it. */
export interface WindowRun {
  readonly serverId: ServerId;
  readonly folder?: string | undefined;
  readonly cwd: string;
  readonly url: string | undefined;
}

/** A process that listens on a port. */
export interface PortHolder {
  readonly process: ProcessIdentity;
  /** Name of the program, e.g. `node`. */
  readonly name: string;
  /** Command line as far as the system reveals it, shortened. */
  readonly command: string;
  /** Working directory, if the system reveals it. */
  readonly folder: string | undefined;
  /** Wall clock, milliseconds since 1970; `undefined` if the system does not reveal it. */
  readonly startedAt: number | undefined;
  readonly owner: PortOwner;
}

/** Whether a TCP port of this machine is in use, and by which processes. */
export type PortUse =
  | { readonly kind: 'free' }
  | {
      readonly kind: 'held';
      /** At least one; several when processes share a socket, or one listens on IPv4 and another on IPv6. */
      readonly holders: readonly PortHolder[];
      /** URL for a browser, if the port speaks HTTP. */
      readonly url: string | undefined;
    }
  /** The port is in use, and the system does not reveal by which process. */
  | {
      readonly kind: 'unknown';
      readonly url: string | undefined;
      /** The system refuses the port: it has reserved it, as Windows does for Hyper-V, or a program has it exclusively. */
      readonly isReserved?: true;
    };

/** Inspects the ports of this machine. */
export interface PortInspector {
  /** Returns which processes listen on exactly this port. */
  inspectPort(port: number): Promise<PortUse>;
  /**
   * Kills a foreign process that uses the port, and its descendants. Resolves when they are dead and the port is free.
   * Rejects with `badRequest` when another process uses the port by now, or the process may not be killed; with
   * `survivors`; or with `portInUse` when the port is taken again.
   */
  killPortOwner(port: number, process: ProcessIdentity): Promise<void>;
}
