import type { Memento } from 'vscode';
import { serverKey } from '../../core/server/identity.js';
import type { ServerDefinition } from '../../core/server/definition.js';
import { portConflictModes, type PortConflictMode } from '../../core/tcpPorts/portConflict.js';

const storageKey = 'devServers.portAnswers';

/** The answers to the question about a port in use that the user wants to be remembered, for each server. */
export class PortAnswers {
  constructor(
    private readonly memento: Memento,
    private readonly setting: (definition: ServerDefinition) => PortConflictMode,
  ) {}

  /** Returns the remembered answer, or else the setting. */
  readonly modeOf = (definition: ServerDefinition): PortConflictMode => {
    const answer = this.#stored()[keyOf(definition)];
    return portConflictModes.find((mode) => mode === answer) ?? this.setting(definition);
  };

  async remember(definition: ServerDefinition, mode: PortConflictMode): Promise<void> {
    await this.memento.update(storageKey, { ...this.#stored(), [keyOf(definition)]: mode });
  }

  /** Forgets the answers, so that the user is asked again. */
  async clear(): Promise<void> {
    await this.memento.update(storageKey, undefined);
  }

  #stored(): Readonly<Record<string, unknown>> {
    return this.memento.get<Readonly<Record<string, unknown>>>(storageKey, {});
  }
}

function keyOf(definition: ServerDefinition): string {
  return `${definition.cwd} ${serverKey(definition)}`;
}
