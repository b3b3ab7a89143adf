import { ServerError, toServerError } from '../server/errors.js';
import { withPort, declaredPort } from './declaredPort.js';
import { portUseText, type PortConflictMode } from './portConflict.js';
import type { PortInspector, PortUse } from './portUse.js';
import type { Registry } from '../registry/registry.js';
import { serverTitle, type ServerDefinition } from '../server/definition.js';
import type { PortAdmission } from './assignedPorts.js';
import type { Clock, Logger, Translator } from '../common.js';
import type { ServerId } from '../server/identity.js';

export interface PortGuardDeps {
  readonly inspector: PortInspector;
  readonly registry: Pick<Registry, 'current'>;
  /** What the settings say for this server. */
  readonly mode: (definition: ServerDefinition) => PortConflictMode;
  /** A port that nobody holds, the next above `near` if possible, and none of `except`. */
  readonly freePort: (near: number | undefined, except: ReadonlySet<number>) => Promise<number>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
  readonly l10n: Translator;
}

/** Looks at the port of a server before it starts, so that what would end of a taken port is not even started. */
export class PortGuard implements PortAdmission {
  /** Free ports given to servers, which may not listen on them yet. */
  readonly #given = new Map<ServerId, number>();

  constructor(private readonly deps: PortGuardDeps) {}

  async admit(definition: ServerDefinition, chosen: number | undefined): Promise<number | undefined> {
    const port = chosen ?? declaredPort(definition);
    if (port === undefined) return undefined;
    const use = await this.#look(port);
    if (use.kind === 'free') return chosen;
    const { mode, registry, clock, log, l10n } = this.deps;
    const text = portUseText(port, use, { servers: registry.current.servers, now: clock.now(), l10n });
    if (mode(definition) !== 'useFreePort' || !withPort(definition, port)) {
      throw new ServerError('portInUse', l10n.t('{0} was not started: {1}', serverTitle(definition), text));
    }
    const free = await this.freePort(definition, port);
    log.info(`${definition.id} starts on port ${free}. ${text}`);
    return free;
  }

  /** A port for this server that nobody holds, wants, or was given just now. */
  async freePort(definition: ServerDefinition, near: number | undefined): Promise<number> {
    this.#given.delete(definition.id);
    const wanted = this.deps.registry.current.servers.flatMap(
      (record) => declaredPort(record.definition) ?? [],
    );
    const free = await this.deps.freePort(near, new Set([...wanted, ...this.#given.values()]));
    this.#given.set(definition.id, free);
    return free;
  }

  /** A look that fails stops no server: whether it can have its port, it will find out itself. */
  async #look(port: number): Promise<PortUse> {
    try {
      return await this.deps.inspector.inspectPort(port);
    } catch (error) {
      this.deps.log.error(`Who holds port ${port} could not be found out`, toServerError(error, 'hostLost'));
      return { kind: 'free' };
    }
  }
}
