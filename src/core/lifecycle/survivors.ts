import { ServerError } from '../server/errors.js';
import { untranslated } from '../text.js';
import { commandText, shortName, type ServerDefinition } from '../server/definition.js';
import { type Survivor } from '../server/state.js';
import type { ServerRecord } from '../registry/snapshot.js';
import type { ServerId } from '../server/identity.js';
import { isIdle } from '../server/stateQueries.js';

/** Processes that clean-up could not stop. */
export interface CleanupReport {
  readonly survivors: readonly { readonly id: ServerId; readonly processes: readonly Survivor[] }[];
}

/**
 * Returns the processes that are not verified dead at the end of clean-up. A stop by another caller may still be in
 * progress.
 */
export function survivorsOf(record: ServerRecord): CleanupReport['survivors'] {
  const { definition, state } = record;
  if (isIdle(state)) return [];
  return [
    { id: definition.id, processes: state.kind === 'stopFailed' ? state.survivors : [rootProcess(record)] },
  ];
}

/** The root process of the server, with pid 0 if that is unknown. */
export function rootProcess({ definition, state }: ServerRecord): Survivor {
  return { pid: 'run' in state ? state.run.process.pid : 0, command: commandText(definition.command) };
}

/** The error of an operation that is refused while processes have survived a stop. */
export function survivorsError(definition: ServerDefinition, survivors: readonly Survivor[]): ServerError {
  return new ServerError(
    'survivors',
    untranslated(
      '{0} could not be stopped. Still running: {1}.',
      shortName(definition.name),
      survivorNames(survivors),
    ),
  );
}

/** The error of a stop that the caller is not allowed to request. */
export function notAllowedError({ name }: ServerDefinition): ServerError {
  return new ServerError('notAllowed', untranslated('{0} was started by another caller.', shortName(name)));
}

/** `42 (node server.js), 43 (sh)`. */
export function survivorNames(survivors: readonly Survivor[]): string {
  return survivors.map(({ pid, command }) => `${pid} (${command})`).join(', ');
}
