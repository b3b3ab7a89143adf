import type { Clock, Logger, Translator } from '../common.js';
import type { StartOptions } from '../registry/admission.js';
import { ExclusiveLock } from '../registry/locks.js';
import type { Registry } from '../registry/registry.js';
import { serverTitle, type ServerDefinition } from '../server/definition.js';
import { PortInUseError, ServerError, toServerError } from '../server/errors.js';
import type { ServerId } from '../server/identity.js';
import type { Origin } from '../server/origin.js';
import type { ServerState } from '../server/state.js';
import { declaredPort, withPort } from './declaredPort.js';
import { portUseText, type PortConflictMode } from './portConflict.js';
import type { PortInspector, PortUse } from './portUse.js';
import { untranslated } from '../text.js';

export interface AssignedPortsDeps {
  readonly inspector: Pick<PortInspector, 'inspectPort'>;
  readonly registry: Pick<Registry, 'current' | 'find'>;
  /** Reads the setting `devServers.portConflict` for a server. */
  readonly mode: (definition: ServerDefinition) => PortConflictMode;
  /** Finds a port that can be bound and is not in `except`, the next one above `near` if possible. */
  readonly freePort: (near: number | undefined, except: ReadonlySet<number>) => Promise<number>;
  /** Returns the port of a server that gets another one here than it declares, as in a git worktree. */
  readonly ownPort?: (definition: ServerDefinition) => number | undefined;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
  readonly l10n: Translator;
}

/**
 * Decides which port each server uses, before its process exists. A port other than the server's own holds for the run,
 * for restarts, and for starts after a crash.
 */
export class AssignedPorts {
  readonly #assigned = new Map<ServerId, number>();
  /** Free ports that were given to servers, which may not listen on them yet. */
  readonly #reserved = new Map<ServerId, ReservedPort>();
  /** Held while a free port is searched, since servers that start at once would all find the same one. */
  readonly #lock = new ExclusiveLock();

  /** Without `deps` no port is inspected, and every start may use the port it asks for. */
  constructor(private readonly deps?: AssignedPortsDeps) {}

  /** The port of the server's last start; `undefined` when that was the server's own. */
  of(id: ServerId): number | undefined {
    return this.#assigned.get(id);
  }

  /** The port that the server is known to use before it listens: the one of its last start, or the one it declares. */
  expected(definition: ServerDefinition): number | undefined {
    return this.#assigned.get(definition.id) ?? declaredPort(definition);
  }

  /** Options of a start that follows another one. It does not wait for dependencies: the first start did. */
  restartOptions(id: ServerId, by: Origin | undefined): StartOptions {
    const port = this.#assigned.get(id);
    return { ...(port !== undefined && { port }), ...(by && { startedBy: by }) };
  }

  /** Remembers the port of a start; `undefined` means the server's own. */
  assign(id: ServerId, port: number | undefined): void {
    if (port === undefined) this.#assigned.delete(id);
    else this.#assigned.set(id, port);
  }

  /**
   * Assigns the port of a start that asks for `requested`, or for the server's own if that is `undefined`. Throws
   * `portInUse`, or `badRequest` when the server cannot be made to use the requested port.
   */
  async admit(definition: ServerDefinition, requested: number | undefined): Promise<void> {
    if (requested !== undefined && !withPort(definition, requested)) {
      throw new ServerError(
        'badRequest',
        untranslated('{0} cannot be started on port {1}.', serverTitle(definition), requested),
      );
    }
    const wanted = requested ?? (await this.#claimOwnPort(definition));
    const port = this.deps ? await this.#available(definition, wanted, this.deps) : wanted;
    this.assign(definition.id, port);
  }

  /** The definition with the assigned port in its command and environment. */
  apply(definition: ServerDefinition): ServerDefinition {
    const port = this.#assigned.get(definition.id);
    return port === undefined ? definition : (withPort(definition, port) ?? definition);
  }

  /**
   * Reserves a port for the next start of a server: one that is not in use, that no server of the window declares, and
   * that was not given to another one.
   */
  reserveFreePort(definition: ServerDefinition, near: number | undefined): Promise<number> {
    return this.#lock.run(() => this.#reserveFreePort(definition, near));
  }

  async #reserveFreePort({ id }: ServerDefinition, near: number | undefined): Promise<number> {
    if (!this.deps) throw new Error('Ports are not inspected.');
    const { registry } = this.deps;
    const declared = registry.current.servers.flatMap((record) => declaredPort(record.definition) ?? []);
    const given = registry.find(id)?.state;
    this.#release(id, this.deps);
    const port = await this.deps.freePort(near, new Set([...declared, ...this.#reservedPorts()]));
    this.#reserved.set(id, { port, given });
    return port;
  }

  /**
   * Returns the port that a server gets here instead of the declared one. If two servers have the same one, the first
   * to start gets it.
   */
  async #claimOwnPort(definition: ServerDefinition): Promise<number | undefined> {
    const { id } = definition;
    const { deps } = this;
    const port = deps?.ownPort?.(definition);
    if (!deps || port === undefined || !withPort(definition, port)) return undefined;
    return this.#lock.run(() => {
      this.#release(id, deps);
      if (this.#reservedPorts().includes(port)) return this.#reserveFreePort(definition, port);
      // Another start may ask before this server's socket exists.
      this.#reserved.set(id, { port, given: deps.registry.find(id)?.state });
      return port;
    });
  }

  /** Releases the reserved port of a server, and those that other servers no longer need. */
  #release(id: ServerId, { registry }: AssignedPortsDeps): void {
    this.#reserved.delete(id);
    for (const [other, { given }] of this.#reserved)
      if (!needsPort(registry.find(other)?.state, given)) this.#reserved.delete(other);
  }

  #reservedPorts(): number[] {
    return [...this.#reserved.values()].map(({ port }) => port);
  }

  async #available(
    definition: ServerDefinition,
    requested: number | undefined,
    deps: AssignedPortsDeps,
  ): Promise<number | undefined> {
    const port = requested ?? declaredPort(definition);
    if (port === undefined) return undefined;
    const use = await inspect(port, deps);
    if (use.kind === 'free') return requested;
    const { mode, registry, clock, log, l10n } = deps;
    const text = portUseText(port, use, { servers: registry.current.servers, now: clock.now(), l10n });
    if (mode(definition) !== 'useFreePort' || !withPort(definition, port)) {
      throw new PortInUseError(port, l10n.t('{0} was not started: {1}', serverTitle(definition), text));
    }
    const free = await this.reserveFreePort(definition, port);
    log.info(`${definition.id} starts on port ${free}. ${text}`);
    return free;
  }
}

interface ReservedPort {
  readonly port: number;
  /** State of the server when it was given the port, before its start. */
  readonly given: ServerState | undefined;
}

/** Returns whether a server that was given a port starts on it, runs, or starts on it again after a crash. */
function needsPort(state: ServerState | undefined, given: ServerState | undefined): boolean {
  return state !== undefined && (state === given || state.kind !== 'stopped');
}

/** A failed inspection does not prevent the start: the server itself finds out whether its port is free. */
async function inspect(port: number, { inspector, log }: AssignedPortsDeps): Promise<PortUse> {
  try {
    return await inspector.inspectPort(port);
  } catch (error) {
    log.error(`Who holds port ${port} could not be found out`, toServerError(error, 'hostLost'));
    return { kind: 'free' };
  }
}
