import { portOfUrl } from '../sockets/tcpPorts.js';

/** The ports that a server announced, and the one on which it is expected. */
export class AnnouncedPorts {
  readonly #urls = new Map<number, string>();
  readonly #expected = new Set<number>();
  readonly #ignored = new Set<number>();
  /** Times of the first claim, by port. */
  readonly #claimedAt = new Map<number, number>();
  #hasUnread = false;

  /** URLs by port, in the order of announcement. */
  get urls(): ReadonlyMap<number, string> {
    return this.#urls;
  }

  /** Adds a URL that the server announced. Returns `false` for a known one. */
  announce(url: string): boolean {
    const port = portOfUrl(url);
    this.#hasUnread = true;
    this.#ignored.delete(port);
    const known = this.#urls.get(port);
    const isNew = known === undefined || this.#expected.delete(port);
    // The shortest of several URLs on one port is the root of the server.
    if (isNew || url.length < known.length) this.#urls.set(port, url);
    return isNew;
  }

  /** Remembers a port that the server claims as its own. */
  claim(port: number): void {
    if (!this.#claimedAt.has(port)) this.#claimedAt.set(port, performance.now());
  }

  /** Returns the ports that the server claimed at least this long ago. */
  claimedFor(milliseconds: number): readonly number[] {
    const latest = performance.now() - milliseconds;
    return [...this.#claimedAt].flatMap(([port, at]) => (at <= latest ? [port] : []));
  }

  /** Adds the port on which the server is expected; it may choose another one. */
  expect(port: number): void {
    this.#urls.set(port, `http://localhost:${port}/`);
    this.#expected.add(port);
  }

  /** Excludes a port, unless the server announces it. Returns `false` for a known one. */
  ignore(port: number): boolean {
    const isNew = !this.#ignored.has(port);
    this.#ignored.add(port);
    return isNew;
  }

  /** Returns whether the port is only expected, not announced. */
  isExpected(port: number): boolean {
    return this.#expected.has(port);
  }

  /** Returns whether the port belongs to a debugger or the like. */
  isIgnored(port: number): boolean {
    return this.#ignored.has(port);
  }

  /** Returns the port announced since the last call if it is the only one: several have to be compared. */
  takeUnread(): number | undefined {
    const [port, ...more] = this.#urls.keys();
    const isNew = this.#hasUnread && more.length === 0;
    this.#hasUnread = false;
    return isNew ? port : undefined;
  }
}
