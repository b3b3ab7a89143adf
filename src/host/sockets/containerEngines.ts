import { programNames } from '../processTree/containerClients.js';
import type { ProcessEntry } from '../system/processes.js';

/**
 * Programs that listen on behalf of containers and virtual machines: Docker's proxy, its virtual machines on macOS and
 * Windows, Podman's, and those of WSL.
 */
const publisherNames =
  /^(?:docker-proxy|com\.docker\.[\w.-]+|vpnkit(?:-bridge)?|rootlessport|rootlesskit|slirp4netns|pasta(?:\.avx2)?|gvproxy|wslrelay|wslhost|conmon)$/i;

/** Programs that are the parents of the first processes of containers, which can listen on the machine themselves. */
const parentNames = /^(?:containerd-shim(?:-[\w-]+)?|conmon)$/i;

/** Returns whether a process listens on behalf of containers. */
export function isContainerEngine(entry: ProcessEntry): boolean {
  return programNames(entry).some((name) => publisherNames.test(name));
}

/** Returns the processes that run in containers. */
export function processesInContainers(entries: readonly ProcessEntry[]): ProcessEntry[] {
  const found = new Set<ProcessEntry>();
  let parents = entries.filter((entry) => programNames(entry).some((name) => parentNames.test(name)));
  while (parents.length > 0) {
    const pids = new Set(parents.map(({ pid }) => pid));
    parents = entries.filter((entry) => pids.has(entry.parent) && !found.has(entry));
    for (const entry of parents) found.add(entry);
  }
  return [...found];
}
