import { ServerError } from '../server/errors.js';
import { commandText, type ServerDefinition } from '../server/definition.js';
import { type Survivor } from '../server/state.js';
import type { ServerRecord } from '../registry/snapshot.js';
import type { ServerId } from '../server/identity.js';
import { isIdle } from '../server/stateQueries.js';

/** What clean-up could not end. */
export interface CleanupReport {
  readonly survivors: readonly { readonly id: ServerId; readonly processes: readonly Survivor[] }[];
}

/** What is not verified dead at the end of clean-up; a stop that somebody else asked for may still be under way. */
export function survivorsOf(record: ServerRecord): CleanupReport['survivors'] {
  const { definition, state } = record;
  if (isIdle(state)) return [];
  return [
    { id: definition.id, processes: state.kind === 'stopFailed' ? state.survivors : [rootProcess(record)] },
  ];
}

/** The process that was started, as far as it is known. */
export function rootProcess({ definition, state }: ServerRecord): Survivor {
  return { pid: 'run' in state ? state.run.process.pid : 0, command: commandText(definition.command) };
}

/** The refusal of whatever cannot be done beside processes that outlived a stop. */
export function survivorsError(definition: ServerDefinition, survivors: readonly Survivor[]): ServerError {
  return new ServerError(
    'survivors',
    `${definition.name} could not be stopped: still alive: ${survivorNames(survivors)}.`,
  );
}

/** The refusal to end what is somebody else's. */
export function notAllowedError({ name }: ServerDefinition): ServerError {
  return new ServerError('notAllowed', `${name} was started by somebody else.`);
}

/** `42 (node server.js), 43 (sh)`. */
export function survivorNames(survivors: readonly Survivor[]): string {
  return survivors.map(({ pid, command }) => `${pid} (${command})`).join(', ');
}
