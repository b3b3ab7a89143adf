import { portOfUrl } from '../sockets/tcpPorts.js';

/** What a server has said of its ports, or what is expected of it. */
export class AnnouncedPorts {
  readonly #urls = new Map<number, string>();
  readonly #hints = new Set<number>();
  readonly #others = new Set<number>();
  #hasUnread = false;

  /** Addresses by port, in the order of announcement. */
  get urls(): ReadonlyMap<number, string> {
    return this.#urls;
  }

  /** The server says that it answers there. False when it is known already. */
  announce(url: string): boolean {
    const port = portOfUrl(url);
    this.#hasUnread = true;
    this.#others.delete(port);
    const known = this.#urls.get(port);
    const isNew = known === undefined || this.#hints.delete(port);
    // Of several pages on one port, the shortest address is the server itself.
    if (isNew || url.length < known.length) this.#urls.set(port, url);
    return isNew;
  }

  /** The server is expected on that port, but may choose another one. */
  expect(port: number): void {
    this.#urls.set(port, `http://localhost:${port}/`);
    this.#hints.add(port);
  }

  /** Nobody is served there, unless the server says that it is. False when it is known already. */
  ignore(port: number): boolean {
    const isNew = !this.#others.has(port);
    this.#others.add(port);
    return isNew;
  }

  /** The server never said that it listens there. */
  isHint(port: number): boolean {
    return this.#hints.has(port);
  }

  /** The port of a debugger or the like. */
  isOther(port: number): boolean {
    return this.#others.has(port);
  }

  /** The port of which the server has spoken since this was last called, unless there is another one to compare it with. */
  takeUnread(): number | undefined {
    const [port, ...more] = this.#urls.keys();
    const isNew = this.#hasUnread && more.length === 0;
    this.#hasUnread = false;
    return isNew ? port : undefined;
  }
}
