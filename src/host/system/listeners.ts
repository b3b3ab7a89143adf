/** A TCP socket of the machine that listens. */
export interface Listener {
  readonly port: number;
  /** The address it is bound to, as `127.0.0.1`, `::1`, or `0.0.0.0` and `::` for all interfaces. */
  readonly address: string;
  /** Names the socket for as long as it exists. */
  readonly id: string;
  /** Connections that nobody has accepted yet; `undefined` where the system does not tell. */
  readonly waiting: number | undefined;
  /** Who holds it; `undefined` where the system lists sockets without their processes, which `socketsOf` then tells. */
  readonly pids: readonly number[] | undefined;
}

/** Returns the sockets that listen on the port. */
export function listenersOn(port: number, listeners: readonly Listener[]): readonly Listener[] {
  return listeners.filter((listener) => listener.port === port);
}

/** An IPv6 address in its shortest form; an IPv4 address in IPv6 clothes as what it is. */
export function plainAddress(address: string): string {
  const [bare = ''] = address.split('%');
  if (!bare.includes(':')) return bare;
  const short = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([\da-f]+):([\da-f]+)$/.exec(short);
  if (!mapped) return short;
  const [high, low] = mapped.slice(1).map((part) => Number.parseInt(part, 16)) as [number, number];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
