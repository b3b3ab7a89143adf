import type { ProcessEntry } from '../system/processes.js';

/** Programs that start containers and stay with them. */
const clients =
  /^(?:docker|docker-compose|podman|podman-compose|nerdctl|finch|container|lima|colima)(?:\.exe)?$/;

/** Programs that listen for containers: Docker's proxy, its virtual machines on macOS and Windows, and Podman's. */
const publishers =
  /^(?:docker-proxy|com\.docker\.[\w.-]+|vpnkit(?:-bridge)?|rootlessport|rootlesskit|slirp4netns|pasta(?:\.avx2)?|gvproxy|wslrelay|conmon)(?:\.exe)?$/;

/** Whether a server is the client of a container engine, so that its port is held by the engine. */
export function runsContainers(members: readonly ProcessEntry[]): boolean {
  return members.some((entry) => programs(entry).some((name) => clients.test(name)));
}

/** Whether a process listens on behalf of containers. */
export function isContainerEngine(entry: ProcessEntry): boolean {
  return programs(entry).some((name) => publishers.test(name));
}

/** The names of the program and, where that is an interpreter, of its script. */
function programs({ command }: ProcessEntry): string[] {
  return command
    .split(' ')
    .slice(0, 2)
    .map((word) => word.slice(Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\')) + 1));
}
