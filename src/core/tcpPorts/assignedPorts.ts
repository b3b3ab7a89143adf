import { ServerError } from '../server/errors.js';
import type { Origin } from '../server/origin.js';
import { withPort } from './declaredPort.js';
import { serverTitle, type ServerDefinition } from '../server/definition.js';
import type { StartOptions } from '../registry/admission.js';
import type { ServerId } from '../server/identity.js';

/** Decides which port a server may use that starts now. */
export interface PortAdmission {
  /**
   * The port to use instead of the server's own: `chosen`, or another one where the settings want that; `undefined` for
   * its own. Refuses by throwing `portInUse`.
   */
  admit(definition: ServerDefinition, chosen: number | undefined): Promise<number | undefined>;
}

/** The ports that starts have chosen in place of the servers' own; they hold for what follows a crash and for restarts. */
export class StartPorts {
  readonly #chosen = new Map<ServerId, number>();

  constructor(private readonly admission: PortAdmission | undefined) {}

  /** The port that the last start of the server chose; `undefined` when it got its own. */
  of(id: ServerId): number | undefined {
    return this.#chosen.get(id);
  }

  /**
   * What a start that follows another one is asked for. Whatever the server depends on was ready when it was started first,
   * and is not looked at again.
   */
  again(id: ServerId, by: Origin | undefined): StartOptions {
    const port = this.#chosen.get(id);
    return { ...(port !== undefined && { port }), ...(by && { startedBy: by }) };
  }

  /** Remembers what a start chooses that has to wait. */
  choose(id: ServerId, chosen: number | undefined): void {
    if (chosen === undefined) this.#chosen.delete(id);
    else this.#chosen.set(id, chosen);
  }

  /** Decides on the port of a start that chooses `chosen`. Throws `portInUse`, or `badRequest` for one that cannot be told. */
  async admit(definition: ServerDefinition, chosen: number | undefined): Promise<void> {
    if (chosen !== undefined && !withPort(definition, chosen)) {
      throw new ServerError('badRequest', `${serverTitle(definition)} cannot be told to use port ${chosen}.`);
    }
    const port = this.admission ? await this.admission.admit(definition, chosen) : chosen;
    this.choose(definition.id, port);
  }

  /** The server with the port that was decided on. */
  told(definition: ServerDefinition): ServerDefinition {
    const chosen = this.#chosen.get(definition.id);
    return chosen === undefined ? definition : (withPort(definition, chosen) ?? definition);
  }
}
