import type { ServerDefinition } from '../../core/server/definition.js';
import { baseName } from '../files/relativePath.js';

/** A server with the word that its file gives to distinguish it. */
interface NamedServer {
  readonly definition: ServerDefinition;
  readonly variant: string | undefined;
}

/**
 * Returns names for servers whose names are the same in their folder, by id: `webserver (sqlite)`, `dev (Makefile)`. A
 * script keeps its name, and so does the only server without a variant.
 */
export function distinctNames(servers: readonly NamedServer[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const same of grouped(servers, ({ definition }) => `${definition.subfolder}\n${definition.name}`)) {
    const plain = same.filter(({ variant }) => variant === undefined);
    const keepsName =
      same.find(({ definition }) => definition.source === 'scripts') ??
      (plain.length === 1 ? plain[0] : undefined);
    const others = same.length > 1 ? same.filter((one) => one !== keepsName) : [];
    const taken = new Set<string>();
    for (const { definition, variant } of others) {
      const { name, file = '' } = definition;
      const suffixes = [variant, baseName(file), file].flatMap((suffix) => suffix ?? []);
      const free = suffixes.map((suffix) => `${name} (${suffix})`).find((each) => !taken.has(each));
      taken.add(free ?? definition.id);
      names.set(definition.id, free ?? definition.id);
    }
  }
  return names;
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}
