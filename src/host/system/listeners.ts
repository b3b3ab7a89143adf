/** A listening TCP socket of the machine. */
export interface Listener {
  readonly port: number;
  /** Address it is bound to, such as `127.0.0.1` or `::1`; `0.0.0.0` and `::` for all interfaces. */
  readonly address: string;
  /** Identifier, unique while the socket exists. */
  readonly id: string;
  /** Number of connections not accepted yet; `undefined` where the system does not report it. */
  readonly waiting: number | undefined;
  /** Processes that have it open; `undefined` where the system lists sockets without them, see `Platform.socketsOf`. */
  readonly pids: readonly number[] | undefined;
}

/** Returns the sockets that listen on the port. */
export function listenersOn(port: number, listeners: readonly Listener[]): readonly Listener[] {
  return listeners.filter((listener) => listener.port === port);
}

/** Returns a text that is the same for the same sockets. */
export function idsOf(listeners: readonly Listener[]): string {
  return listeners
    .map(({ id }) => id)
    .toSorted()
    .join(' ');
}

/** Returns an IPv6 address in its shortest form, and an IPv4-mapped one as IPv4. */
export function plainAddress(address: string): string {
  const [bare = ''] = address.split('%');
  if (!bare.includes(':')) return bare;
  const short = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([\da-f]+):([\da-f]+)$/.exec(short);
  if (!mapped) return short;
  const [high, low] = mapped.slice(1).map((part) => Number.parseInt(part, 16)) as [number, number];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
