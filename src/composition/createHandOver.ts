import { l10n } from 'vscode';
import type { ActivationContext } from '../activation/activationContext.js';
import { WindowMemory } from '../core/handOver/windowMemory.js';
import { notifyOtherVersion } from '../vscode/notifications/otherVersionNotification.js';
import { terminalsKey, type ServerTerminals } from '../vscode/terminals/serverTerminals.js';
import { trustedFolders } from '../vscode/workspace/trust.js';
import { HandOver } from './handOver.js';
import type { Services } from './services.js';

/** Connects the services with the windows before and after this one. */
export function createHandOver(
  services: Services,
  terminals: ServerTerminals,
  { log, msSinceActivation }: ActivationContext,
): HandOver {
  const { registry, lifecycle, starts, processes, assignedPorts, restarts, definitions } = services;
  const { hold } = processes;
  const portOf = (id: string): number | undefined => assignedPorts.of(id);
  return new HandOver({
    hold,
    registry,
    restore: { registry, lifecycle, starts, processes, ports: assignedPorts, restarts, log },
    memory: new WindowMemory({ registry, store: hold, portOf, restarts }),
    restoreTerminals: (saved) => terminals.restore(saved),
    terminalsKey,
    whenScanned: () => definitions.whenScanned(),
    workspace: () => trustedFolders().map(({ uri }) => uri.toString()),
    onOtherVersion: () => void notifyOtherVersion(l10n),
    msSinceActivation,
    log,
  });
}
