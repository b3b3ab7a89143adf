import { env, Uri, window } from 'vscode';
import type { AddressInUse } from '../../core/tcpPorts/addressInUse.js';
import { toServerError } from '../../core/server/errors.js';
import type { Lifecycle } from '../../core/lifecycle/lifecycle.js';
import type { Outcome } from '../../core/lifecycle/outcome.js';
import { withPort, declaredPort } from '../../core/tcpPorts/declaredPort.js';
import {
  conflictView,
  type Conflict,
  type PortConflictMode,
  type Removal,
} from '../../core/tcpPorts/portConflict.js';
import type { PortGuard } from '../../core/tcpPorts/preflight.js';
import type { PortInspector } from '../../core/tcpPorts/portUse.js';
import type { Registry } from '../../core/registry/registry.js';
import { serverTitle, type ServerDefinition } from '../../core/server/definition.js';
import type { RunId } from '../../core/server/state.js';
import { confirmKill } from './confirmKill.js';
import type { Clock, Logger, Translator } from '../../core/common.js';
import type { StartOptions } from '../../core/registry/admission.js';
import type { OtherWindows } from '../../core/server/otherWindows.js';

export interface PortConflictsDeps {
  readonly registry: Pick<Registry, 'current'>;
  readonly lifecycle: Pick<Lifecycle, 'start' | 'resume' | 'restart' | 'stop' | 'chosenPort'>;
  readonly otherWindows: OtherWindows;
  readonly inspector: PortInspector;
  readonly portGuard: Pick<PortGuard, 'freePort'>;
  /** What the settings say for this server. */
  readonly mode: (definition: ServerDefinition) => PortConflictMode;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
  readonly l10n: Translator;
}

/** How a person wants to go on; `undefined` not at all. */
type Answer = StartOptions | undefined;

/** A button, and what it does. */
interface WayOut {
  readonly title: string;
  go(): Promise<Answer>;
}

type PortHeld = Extract<Conflict, { kind: 'portHeld' }>;

/**
 * Starts servers for a person, who is asked what to do when another window runs the very server, or somebody holds its
 * port. It writes no setting: what is chosen holds for the start.
 */
export class PortConflicts {
  constructor(private readonly deps: PortConflictsDeps) {}

  /** As `Lifecycle.start`; `undefined` when the person leaves it at that. */
  async start(definition: ServerDefinition, options: StartOptions = {}): Promise<Outcome | undefined> {
    const run = await this.deps.otherWindows.find(definition);
    const answer = run
      ? await this.#ask({ kind: 'runsElsewhere', definition, run }, definition, options)
      : options;
    return answer && this.#startAsking(definition, { ...options, ...answer });
  }

  /** As `Lifecycle.resume`; `undefined` when the person leaves it at that. The server waits no more while one is asked. */
  async resume(
    definition: ServerDefinition,
    runId: RunId,
    options: StartOptions = {},
  ): Promise<Outcome | undefined> {
    const again = { ...options, afterDependencies: true, ...this.#chosenPort(definition) };
    return this.#attempt(definition, again, () => this.deps.lifecycle.resume(definition.id, runId));
  }

  /** As `Lifecycle.restart`; `undefined` when the person leaves it at that. */
  async restart(definition: ServerDefinition): Promise<Outcome | undefined> {
    const options = this.#chosenPort(definition);
    return this.#attempt(definition, options, () => this.deps.lifecycle.restart(definition.id));
  }

  /**
   * Sees to a server that has ended since its port was taken. `false` when nothing can be done about that: nobody holds the
   * port any more, or the setting wants no questions.
   */
  async settleCrash(definition: ServerDefinition, { port }: AddressInUse): Promise<boolean> {
    const { lifecycle, mode } = this.deps;
    const taken = port ?? lifecycle.chosenPort(definition.id) ?? declaredPort(definition);
    if (taken === undefined || mode(definition) === 'fail') return false;
    const conflict = await this.#portConflict(taken);
    if (!conflict) return false;
    const answer = await this.#answerCrash(conflict, definition);
    if (answer) await this.#startAsking(definition, answer);
    return true;
  }

  async #answerCrash(conflict: PortHeld, definition: ServerDefinition): Promise<Answer> {
    const { lifecycle, mode, portGuard } = this.deps;
    const { port } = conflict;
    const chosen = lifecycle.chosenPort(definition.id);
    if (chosen !== undefined) {
      // One that was given a port and wants another one would ignore the next one too.
      return this.#ask(conflict, definition, { port: chosen }, chosen === port);
    }
    if (mode(definition) !== 'useFreePort' || !withPort(definition, port)) {
      return this.#ask(conflict, definition, {});
    }
    return { port: await portGuard.freePort(definition, port) };
  }

  #startAsking(definition: ServerDefinition, options: StartOptions): Promise<Outcome | undefined> {
    return this.#attempt(definition, options, () => this.deps.lifecycle.start(definition.id, options));
  }

  /** Asks for every port that is taken until one is free or the person has enough. */
  async #attempt(
    definition: ServerDefinition,
    options: StartOptions,
    operation: () => Promise<Outcome>,
  ): Promise<Outcome | undefined> {
    try {
      return await operation();
    } catch (error) {
      const port = options.port ?? declaredPort(definition);
      const isConflict = toServerError(error, 'badRequest').reason === 'portInUse';
      if (!isConflict || port === undefined || this.deps.mode(definition) !== 'ask') throw error;
      const conflict = await this.#portConflict(port);
      const answer = conflict ? await this.#ask(conflict, definition, options) : options;
      return answer && this.#startAsking(definition, { ...options, ...answer });
    }
  }

  #chosenPort({ id }: ServerDefinition): StartOptions {
    const port = this.deps.lifecycle.chosenPort(id);
    return port === undefined ? {} : { port };
  }

  async #portConflict(port: number): Promise<PortHeld | undefined> {
    const use = await this.deps.inspector.inspectPort(port);
    return use.kind === 'free' ? undefined : { kind: 'portHeld', port, use };
  }

  /** Offers the ways out of a conflict. `options` are those of the start that has met it. */
  async #ask(
    conflict: Conflict,
    definition: ServerDefinition,
    options: StartOptions,
    obeys = true,
  ): Promise<Answer> {
    const { registry, clock, l10n } = this.deps;
    const { servers } = registry.current;
    const { text, url, removal } = conflictView(conflict, { servers, now: clock.now(), l10n });
    const free = obeys ? await this.#freePort(conflict, definition) : undefined;
    const ways: WayOut[] = [];
    if (url !== undefined) ways.push({ title: l10n.t('Open It'), go: () => open(url) });
    if (free !== undefined) {
      ways.push({
        title: l10n.t('Use Free Port {0}', free),
        go: () => Promise.resolve({ ...options, port: free }),
      });
    }
    if (removal) {
      const go = async () => ((await this.#remove(removal)) ? options : undefined);
      ways.push({ title: l10n.t('Stop It and Start'), go });
    }
    const told = conflict.kind === 'portHeld' ? l10n.t('{0}: {1}', serverTitle(definition), text) : text;
    const chosen = await window.showWarningMessage(told, ...ways.map(({ title }) => title));
    return ways.find(({ title }) => title === chosen)?.go();
  }

  /** `undefined` for a server that would not use it. */
  async #freePort(conflict: Conflict, definition: ServerDefinition): Promise<number | undefined> {
    const near = conflict.kind === 'portHeld' ? conflict.port : declaredPort(definition);
    // Whether it obeys does not depend on which port it is.
    if (!withPort(definition, near ?? 1)) return undefined;
    return this.deps.portGuard.freePort(definition, near);
  }

  /** `false` when the person has thought better of it. Rejects when it could not be ended. */
  async #remove(removal: Removal): Promise<boolean> {
    const { lifecycle, otherWindows, inspector, clock, log, l10n } = this.deps;
    switch (removal.kind) {
      case 'stop':
        await lifecycle.stop(removal.serverId);
        return true;
      case 'takeOver':
        await otherWindows.takeOver(removal.server);
        return true;
      case 'endForeign': {
        const { port, holder } = removal;
        if (!(await confirmKill(port, holder, clock.now(), l10n))) return false;
        log.info(`${holder.name} (process ${holder.process.pid}) is ended, since it holds port ${port}`);
        await inspector.killPortOwner(port, holder.process);
        return true;
      }
    }
  }
}

async function open(url: string): Promise<undefined> {
  await env.openExternal(Uri.parse(url, true));
}
