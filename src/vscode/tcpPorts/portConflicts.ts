import { commands } from 'vscode';
import type { Clock, Logger, Translator } from '../../core/common.js';
import type { OrderedStart } from '../../core/dependencies/orderedStart.js';
import type { Lifecycle } from '../../core/lifecycle/lifecycle.js';
import type { StartOptions } from '../../core/registry/admission.js';
import type { Registry } from '../../core/registry/registry.js';
import { serverTitle, type ServerDefinition } from '../../core/server/definition.js';
import type { ServerId } from '../../core/server/identity.js';
import type { OtherWindows } from '../../core/server/otherWindows.js';
import type { AssignedPorts } from '../../core/tcpPorts/assignedPorts.js';
import { declaredPort, withPort } from '../../core/tcpPorts/declaredPort.js';
import {
  conflictView,
  type Conflict,
  type ConflictedStart,
  type PortConflictMode,
  type Removal,
  type Resolution,
} from '../../core/tcpPorts/portConflict.js';
import type { PortInspector } from '../../core/tcpPorts/portUse.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { portConflictOf, runIdOf, startedBy } from '../../core/server/stateQueries.js';
import { restartOrigin, type Origin } from '../../core/server/origin.js';
import type { AddressInUse } from '../../core/urlDetection/addressInUse.js';
import { openAddress } from '../openAddress.js';
import { confirmKill } from './confirmKill.js';
import { showWarning } from '../display/messages.js';

export interface PortConflictsDeps {
  readonly registry: Pick<Registry, 'current' | 'find'>;
  readonly lifecycle: Pick<Lifecycle, 'stop' | 'chosenPort'>;
  readonly starts: Pick<OrderedStart, 'startAlone' | 'stopAndStart'>;
  readonly otherWindows: Pick<OtherWindows, 'takeOver'>;
  readonly inspector: PortInspector;
  readonly assignedPorts: Pick<AssignedPorts, 'reserveFreePort'>;
  /** Returns the remembered answer for a server, or the setting `devServers.portConflict`. */
  readonly mode: (definition: ServerDefinition) => PortConflictMode;
  /** Remembers the answer for a server. */
  readonly remember: (definition: ServerDefinition, mode: PortConflictMode) => Promise<void>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
  readonly l10n: Translator;
}

/** Number of buttons up to which those are added that are at hand elsewhere too: the editor cuts off the texts of more. */
const maxWithMore = 3;

/** Options to start with; `undefined` when the user declined. */
type Answer = StartOptions | undefined;

/** A button of the question, and what it does. */
interface Choice {
  readonly title: string;
  run(): Promise<Answer>;
}

interface QuestionOptions {
  /** `false` for a server that was given a port and ignored it. */
  readonly obeysPort?: boolean;
  readonly moreChoices?: readonly Choice[];
}

/**
 * Asks the user how to continue when another window runs a server, or another process uses its port. The answer applies
 * to this start; no setting is written.
 */
export class PortConflicts {
  /** Open questions about running servers. An answer also applies if the server exits meanwhile. */
  readonly #runningQuestions = new Map<ServerId, { hasExited: boolean }>();

  constructor(private readonly deps: PortConflictsDeps) {}

  /** Resolves the conflict of a start by asking the user, unless the setting says otherwise. */
  readonly resolve = async ({ definition, options, conflict }: ConflictedStart): Promise<Resolution> => {
    const isPortTaken = conflict.kind === 'portHeld';
    if (isPortTaken && this.deps.mode(definition) !== 'ask') return { kind: 'proceed' };
    const answer = await this.#ask(conflict, definition, options);
    return answer ? { kind: 'start', options: answer } : { kind: 'giveUp' };
  };

  /**
   * Handles a server that exited because its port was in use. Returns `false` when there is nothing to handle: the port is
   * free by now, or the setting wants no question.
   */
  async resolveCrash(definition: ServerDefinition, complaint: AddressInUse): Promise<boolean> {
    const question = this.#runningQuestions.get(definition.id);
    if (question && !question.hasExited) {
      question.hasExited = true;
      return true;
    }
    const conflict = await this.#heldPort(definition, complaint);
    if (!conflict) return false;
    const answer = await this.#answerCrash(conflict, definition);
    if (answer) await this.deps.starts.startAlone(definition.id, answer, this.resolve);
    return true;
  }

  /**
   * Like `resolveCrash`, for a server that is still running. The server is stopped before it is started again, unless
   * it has exited by then or has recovered.
   */
  async resolveRunning({ definition, state }: ServerRecord): Promise<boolean> {
    const { registry, starts, l10n } = this.deps;
    const found = portConflictOf(state);
    const conflict = found && (await this.#heldPort(definition, found));
    if (!conflict) return false;
    const isStuck = (): boolean => {
      const now = registry.find(definition.id)?.state;
      return now !== undefined && runIdOf(now) === runIdOf(state) && portConflictOf(now) !== undefined;
    };
    if (!isStuck()) return true;
    const showTerminal: Choice = { title: l10n.t('Show Terminal'), run: () => showTerminalOf(definition.id) };
    const question = { hasExited: false };
    this.#runningQuestions.set(definition.id, question);
    const answer = await this.#answerCrash(conflict, definition, [showTerminal]).finally(() => {
      if (this.#runningQuestions.get(definition.id) === question)
        this.#runningQuestions.delete(definition.id);
    });
    const isDown = (): boolean => registry.find(definition.id)?.state.kind === 'crashed';
    if (answer && isStuck()) await starts.stopAndStart(definition.id, answer, this.resolve);
    else if (answer && question.hasExited && isDown())
      await starts.startAlone(definition.id, answer, this.resolve);
    return true;
  }

  /** Returns the conflict over the port of a complaint; `undefined` if there is nothing to ask about. */
  async #heldPort(
    definition: ServerDefinition,
    { port }: Pick<AddressInUse, 'port'>,
  ): Promise<Extract<Conflict, { kind: 'portHeld' }> | undefined> {
    const { lifecycle, inspector, mode } = this.deps;
    const taken = port ?? lifecycle.chosenPort(definition.id) ?? declaredPort(definition);
    if (taken === undefined || mode(definition) === 'fail') return undefined;
    const use = await inspector.inspectPort(taken);
    return use.kind === 'free' ? undefined : { kind: 'portHeld', port: taken, use };
  }

  async #answerCrash(
    conflict: Extract<Conflict, { kind: 'portHeld' }>,
    definition: ServerDefinition,
    moreChoices: readonly Choice[] = [],
  ): Promise<Answer> {
    const { lifecycle, mode, assignedPorts } = this.deps;
    const { port } = conflict;
    const chosen = lifecycle.chosenPort(definition.id);
    if (chosen !== undefined) {
      // A server that was given a port and uses another one would ignore the next port too.
      return this.#ask(conflict, definition, { port: chosen }, { obeysPort: chosen === port, moreChoices });
    }
    if (mode(definition) !== 'useFreePort' || !withPort(definition, port)) {
      return this.#ask(conflict, definition, {}, { moreChoices });
    }
    // The user has not been asked, so this start is not consent to a changed definition.
    const origin = restartOrigin(this.#originOf(definition.id));
    return { port: await assignedPorts.reserveFreePort(definition, port), startedBy: origin };
  }

  #originOf(id: ServerId): Origin | undefined {
    const record = this.deps.registry.find(id);
    return record && startedBy(record.state);
  }

  /** Shows the question with a button for each choice. `options` are those of the start that met the conflict. */
  async #ask(
    conflict: Conflict,
    definition: ServerDefinition,
    options: StartOptions,
    { obeysPort = true, moreChoices = [] }: QuestionOptions = {},
  ): Promise<Answer> {
    const { registry, clock, l10n } = this.deps;
    const { servers } = registry.current;
    const { text, url, removal } = conflictView(conflict, { servers, now: clock.now(), l10n });
    const free = obeysPort ? await this.#freePort(conflict, definition) : undefined;
    const choices: Choice[] = [];
    if (url !== undefined) choices.push({ title: l10n.t('Open'), run: () => open(url) });
    if (free !== undefined) choices.push(...this.#portChoices(free, conflict, definition, options));
    if (removal) {
      const run = async () => ((await this.#remove(removal)) ? options : undefined);
      choices.push({ title: l10n.t('Stop and Start'), run });
    }
    choices.push(...moreChoices.slice(0, Math.max(0, maxWithMore - choices.length)));
    const message = conflict.kind === 'portHeld' ? l10n.t('{0}: {1}', serverTitle(definition), text) : text;
    const chosen = await showWarning(message, ...choices.map(({ title }) => title));
    return choices.find(({ title }) => title === chosen)?.run();
  }

  /** Returns the buttons that start the server on a free port, now or always. */
  #portChoices(
    port: number,
    { kind }: Conflict,
    definition: ServerDefinition,
    options: StartOptions,
  ): Choice[] {
    const { remember, l10n } = this.deps;
    const answer = { ...options, port };
    const always = async (): Promise<Answer> => {
      await remember(definition, 'useFreePort');
      return answer;
    };
    const use = () => Promise.resolve(answer);
    if (kind !== 'portHeld') return [{ title: l10n.t('Use Port {0}', port), run: use }];
    // Short, since there are up to four buttons; the question names the port in use.
    return [
      { title: l10n.t('Use {0}', port), run: use },
      { title: l10n.t('Always Use Free Port'), run: always },
    ];
  }

  /** `undefined` for a server that would not use it. */
  async #freePort(conflict: Conflict, definition: ServerDefinition): Promise<number | undefined> {
    const near = conflict.kind === 'portHeld' ? conflict.port : declaredPort(definition);
    // Whether a server can be given a port does not depend on the number.
    if (!withPort(definition, near ?? 1)) return undefined;
    return this.deps.assignedPorts.reserveFreePort(definition, near);
  }

  /** Returns `false` if the user cancelled. Rejects when the process could not be stopped. */
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

async function showTerminalOf(id: ServerId): Promise<undefined> {
  await commands.executeCommand('devServers.showTerminal', id);
}

async function open(url: string): Promise<undefined> {
  await openAddress(url);
}
