import type { ServerDefinition } from '../../core/server/definition.js';
import { baseName } from '../files/relativePath.js';

/** A server, and the word by which its file distinguishes it. */
interface NamedServer {
  readonly definition: ServerDefinition;
  readonly variant: string | undefined;
}

/**
 * Returns distinct names, by id, for servers of one folder that have the same name: `webserver (sqlite)`, `dev
 * (Makefile)`. A script keeps its name, and so does a server without a variant if it is the only one.
 */
export function distinctNames(servers: readonly NamedServer[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const name of repeatedNames(servers)) {
    const same = servers.filter(({ definition }) => definition.name === name);
    const plain = same.filter(({ variant }) => variant === undefined);
    const keepsName =
      same.find(({ definition }) => definition.source === 'scripts') ??
      (plain.length === 1 ? plain[0] : undefined);
    const taken = new Set<string>();
    for (const { definition, variant } of same.filter((one) => one !== keepsName)) {
      const { file = '' } = definition;
      const suffixes = [variant, baseName(file), file].flatMap((suffix) => suffix ?? []);
      const free = suffixes.map((suffix) => `${name} (${suffix})`).find((each) => !taken.has(each));
      taken.add(free ?? definition.id);
      names.set(definition.id, free ?? definition.id);
    }
  }
  return names;
}

function repeatedNames(servers: readonly NamedServer[]): ReadonlySet<string> {
  const names = new Set<string>();
  const repeated = new Set<string>();
  for (const { definition } of servers) {
    if (names.has(definition.name)) repeated.add(definition.name);
    names.add(definition.name);
  }
  return repeated;
}
