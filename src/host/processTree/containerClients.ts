import { programName, type ProcessEntry } from '../system/processes.js';

/** Names of the programs that start containers and wait for them. */
const clients = {
  /** They run the services of a Compose file, also as the script of an interpreter. */
  compose: ['docker-compose', 'podman-compose'],
  /** They do so by their command `compose`. */
  engines: ['docker', 'podman', 'nerdctl', 'finch'],
  others: ['container', 'lima', 'colima'],
};

const composeNames = pattern(clients.compose);
const engineNames = pattern(clients.engines);
const clientNames = pattern(Object.values(clients).flat());

/**
 * Time for a client of Compose to stop its containers, milliseconds. An engine gives each container 10 s before it ends it,
 * and containers that depend on each other are stopped one after the other.
 */
export const containerStopMs = 30_000;

/** Returns whether a server is the client of a container engine, which then owns the port of the server. */
export function runsContainers(members: readonly ProcessEntry[]): boolean {
  return members.some((entry) => programNames(entry).some((name) => clientNames.test(name)));
}

/**
 * Returns whether one of these processes stops containers when it is asked to exit. If it is killed, its containers
 * keep running: they are not processes of its tree.
 */
export function stopsContainers(members: readonly ProcessEntry[]): boolean {
  return members.some(
    (entry) =>
      programNames(entry).some((name) => composeNames.test(name)) ||
      (engineNames.test(programName(entry.command)) && /\scompose(?:\s|$)/.test(entry.command)),
  );
}

/** Returns the names of the program and of its first argument, which is the script of an interpreter. */
export function programNames({ command }: ProcessEntry): string[] {
  return [programName(command), programName(command, 1)];
}

function pattern(names: readonly string[]): RegExp {
  return new RegExp(`^(?:${names.join('|')})$`, 'i');
}
