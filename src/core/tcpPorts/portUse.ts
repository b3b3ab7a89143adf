import type { ProcessIdentity } from '../server/state.js';
import type { ServerId } from '../server/identity.js';

/** To whom a process belongs that holds a port. */
export type PortOwner =
  /** A server of this window. */
  | { readonly kind: 'server'; readonly serverId: ServerId }
  /** What another window started; which server that is, only its record tells. */
  | { readonly kind: 'otherWindow'; readonly run: WindowRun | undefined }
  /** The editor itself, the process host, or what started them. */
  | { readonly kind: 'editor' }
  /** A container engine, which listens for a container. */
  | { readonly kind: 'containers' }
  | { readonly kind: 'foreign' };

/** A server as the window that started it has it on record. */
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
  /** Its command line as far as the system tells it, shortened. */
  readonly command: string;
  /** The folder it runs in, where the system tells. */
  readonly folder: string | undefined;
  /** Wall clock, milliseconds since 1970; `undefined` where the system does not tell. */
  readonly startedAt: number | undefined;
  readonly owner: PortOwner;
}

/** Whether a TCP port of this machine is taken, and by whom. */
export type PortUse =
  | { readonly kind: 'free' }
  | {
      readonly kind: 'held';
      /** At least one; several where they share a socket, or one listens on IPv4 and another on IPv6. */
      readonly holders: readonly PortHolder[];
      /** Where a browser would find it, if it answers one. */
      readonly url: string | undefined;
    }
  /** It is taken, and who has taken it is hidden from us. */
  | { readonly kind: 'unknown'; readonly url: string | undefined };

/** Knows the ports of this machine. */
export interface PortInspector {
  /** Who listens on exactly this port. */
  inspectPort(port: number): Promise<PortUse>;
  /**
   * Ends a foreign process that holds the port, and what it started. Resolves when they are dead and the port is free.
   * Rejects with `badRequest` when it is not this very process that holds it any more, or is none that may be ended;
   * with `survivors`; or with `portInUse` when somebody holds the port again.
   */
  killPortOwner(port: number, process: ProcessIdentity): Promise<void>;
}
