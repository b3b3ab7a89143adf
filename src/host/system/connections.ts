import type { Listener } from './listeners.js';

/** One end of a connection. */
type ConnectionEnd = Pick<Listener, 'id' | 'pids'>;

/** A socket that listens or is connected, as TCP and as Unix sockets are. */
export interface Connection extends ConnectionEnd {
  readonly isListening: boolean;
  /** Address at which it was opened or accepted: `port 1355`, or the path of a Unix socket. */
  readonly at: string;
  readonly port: number | undefined;
  /** The other end; `undefined` for a socket that listens, for a peer on another machine, and where it is not known. */
  readonly peer: ConnectionEnd | undefined;
}
