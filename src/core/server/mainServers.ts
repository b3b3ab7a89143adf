import type { ServerDefinition } from './definition.js';

/** Returns the server that a start of a package starts: its main one, or the first. */
export function mainServer(servers: readonly ServerDefinition[]): ServerDefinition | undefined {
  return servers.find(({ isMain }) => isMain === true) ?? servers[0];
}

/**
 * Returns the main server of each package, except those that the main server of a parent folder starts. A package whose
 * main server belongs to another package has none.
 */
export function mainServers(servers: readonly ServerDefinition[]): ServerDefinition[] {
  const packages = new Map<string, ServerDefinition[]>();
  for (const server of servers) {
    const inside = packages.get(packageOf(server));
    if (inside) inside.push(server);
    else packages.set(packageOf(server), [server]);
  }
  const mains = [...packages.values()]
    .filter((inside) => inside.every(({ isMain }) => isMain !== false))
    .flatMap((inside) => mainServer(inside) ?? []);
  const starting = mains.filter(({ startsBelow }) => startsBelow !== undefined);
  return mains.filter((main) => {
    const names = packages.get(packageOf(main))?.map(({ name }) => name) ?? [];
    return !starting.some(
      (other) => isBelow(main, other) && names.some((name) => other.startsBelow?.includes(name)),
    );
  });
}

function packageOf({ folder, subfolder }: ServerDefinition): string {
  return `${folder}/${subfolder}`;
}

function isBelow(inner: ServerDefinition, outer: ServerDefinition): boolean {
  return (
    inner !== outer &&
    packageOf(inner).startsWith(outer.subfolder === '' ? packageOf(outer) : `${packageOf(outer)}/`)
  );
}
