import { portOfUrl } from '../../core/server/urlPort.js';

/** Maximum number of URLs with the name of a host that are kept; output may contain any number. */
const maxNamed = 20;

/** The ports that a server announced, and the one on which it is expected. */
export class AnnouncedPorts {
  readonly #urls = new Map<number, string>();
  readonly #named = new Map<number, string>();
  readonly #seenNames = new Set<string>();
  readonly #hostUrls = new Set<string>();
  readonly #local = new Set<number>();
  readonly #expected = new Set<number>();
  #preferred: number | undefined;
  readonly #ignored = new Set<number>();
  /** Times of the first claim, by port. */
  readonly #claimedAt = new Map<number, number>();
  #hasUnread = false;
  #version = 0;

  /** Grows when another address may be the server's. */
  get version(): number {
    return this.#version;
  }

  /** URLs by port, in the order of announcement. */
  get urls(): ReadonlyMap<number, string> {
    return this.#urls;
  }

  /** URLs by port whose host has a name that may lead to this machine. */
  get named(): ReadonlyMap<number, string> {
    return this.#named;
  }

  /** All URLs with a host name other than `localhost`: a proxy gives several servers names on one port. */
  get hostUrls(): readonly string[] {
    return [...this.#hostUrls, ...this.#named.values()];
  }

  /** Adds a URL that the server announced, if it is the first or best one of its port. */
  announce(url: string): void {
    const port = portOfUrl(url);
    if (port === undefined) return;
    if (hostRank(new URL(url)) === hostRanks.name && this.#hostUrls.size < maxNamed) this.#hostUrls.add(url);
    this.#hasUnread = true;
    this.#ignored.delete(port);
    const known = this.#urls.get(port);
    const isNew = known === undefined || this.#expected.delete(port);
    if (isNew || isBetter(url, known)) {
      this.#urls.set(port, url);
      this.#version += 1;
    }
  }

  /** Adds a URL with the name of a host, which counts once that is known to lead to this machine. */
  name(url: string): void {
    if (this.#seenNames.size >= maxNamed || this.#seenNames.has(url)) return;
    this.#seenNames.add(url);
    const port = portOfUrl(url);
    if (port !== undefined) this.#named.set(port, url);
  }

  /** Takes a URL out of the named ones, and announces it if its host is this machine. */
  settleName(url: string, isHere: boolean): void {
    const port = portOfUrl(url);
    if (port !== undefined) this.#named.delete(port);
    if (isHere) this.announce(url);
  }

  /** Remembers that a port has the label `Local`, which tools for pages give it. */
  markLocal(port: number): void {
    this.#local.add(port);
  }

  isLocal(port: number): boolean {
    return this.#local.has(port);
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
    this.#preferred = port;
  }

  /** Returns whether the port is the expected one, announced or not. */
  isPreferred(port: number): boolean {
    return port === this.#preferred;
  }

  /** Excludes a port, unless the server announces it. */
  ignore(port: number): void {
    if (this.#ignored.has(port)) return;
    this.#ignored.add(port);
    this.#version += 1;
  }

  /** Returns whether the port is only expected, not announced. */
  isExpected(port: number): boolean {
    return this.#expected.has(port);
  }

  /** Returns whether the port belongs to a debugger or the like. */
  isIgnored(port: number): boolean {
    return this.#ignored.has(port);
  }

  /** Returns the port announced since the last call if there is only one: several ports must be compared. */
  takeUnread(): number | undefined {
    const [port, ...more] = this.#urls.keys();
    const isNew = this.#hasUnread && more.length === 0;
    this.#hasUnread = false;
    return isNew ? port : undefined;
  }
}

/** The preferred kind of host first. */
const hostRanks = { localhost: 0, name: 1, ipv4: 2, ipv6: 3 } as const;

/**
 * Returns whether a URL is better for the user than another one on the same port. The shortest path is the root of the
 * server. `localhost` stays the same from start to start, and is forwarded in remote windows.
 */
function isBetter(url: string, known: string): boolean {
  const [one, other] = [new URL(url), new URL(known)];
  const difference = pathLength(one) - pathLength(other);
  return difference === 0 ? hostRank(one) < hostRank(other) : difference < 0;
}

function pathLength({ pathname, search, hash }: URL): number {
  return pathname.length + search.length + hash.length;
}

function hostRank({ hostname }: URL): number {
  if (hostname === 'localhost') return hostRanks.localhost;
  if (hostname === '[::1]') return hostRanks.ipv6;
  return /^127[.\d]+$/.test(hostname) ? hostRanks.ipv4 : hostRanks.name;
}
