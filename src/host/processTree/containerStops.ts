import { programName, type ProcessEntry } from '../system/processes.js';

/** Programs that run the services of a Compose file, also as the script of an interpreter. */
const composeNames = /^(?:docker|podman)-compose$/i;

/** Programs that do so by their command `compose`. */
const engineClients = /^(?:docker|podman|nerdctl|finch)$/i;

/**
 * Time for a client of Compose to stop its containers, milliseconds. An engine gives each container 10 s before it ends it,
 * and containers that depend on each other are stopped one after the other.
 */
export const containerStopMs = 30_000;

/**
 * Returns whether one of these processes stops containers when it is asked to exit. If it is killed, its containers
 * keep running: they are not processes of its tree.
 */
export function stopsContainers(members: readonly ProcessEntry[]): boolean {
  return members.some(
    ({ command }) =>
      [programName(command), programName(command, 1)].some((name) => composeNames.test(name)) ||
      (engineClients.test(programName(command)) && /\scompose(?:\s|$)/.test(command)),
  );
}
