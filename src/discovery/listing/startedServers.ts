import type { FoundDefinition, StartedScript } from '../files/foundDefinition.js';
import { onlyServingParts } from './parallelParts.js';
import { compareNames, sameScripts } from './sameScripts.js';

/** Maximum length of a chain of scripts that start each other. Longer ones are cycles. */
const maxDepth = 8;

/**
 * Maps each script that only starts another server to that server. A name that several packages have is ambiguous, so
 * it is not resolved. If scripts of one package do the same, the one with the most usual name is the server.
 */
export function startedServers(
  found: readonly FoundDefinition[],
): ReadonlyMap<FoundDefinition, FoundDefinition> {
  const targets = new Map([...onlyServingParts(found), ...sameScripts(found)]);
  const starting = found.filter(({ started }) => started !== undefined);
  if (starting.length === 0) return targets;
  const servers = new ServersByPlace(found);
  for (const server of starting.toSorted(compareNames)) {
    const target = lastStarted(server, servers);
    if (!target || targets.has(server) || !mayBeOneRow(server, target)) continue;
    const isBetterName =
      target.definition.file === server.definition.file && compareNames(server, target) < 0;
    if (!isBetterName) targets.set(server, target);
    else if (!targets.has(target)) targets.set(target, server);
  }
  return targets;
}

/** Follows a chain of scripts to the one that runs the server. */
function lastStarted(server: FoundDefinition, servers: ServersByPlace): FoundDefinition | undefined {
  let at = server;
  for (let depth = 0; depth < maxDepth; depth += 1) {
    if (at.started === undefined) return at;
    const next = servers.find(at.started);
    if (!next) return at === server ? undefined : at;
    at = next;
  }
  return undefined;
}

/**
 * Returns whether one server may be another way to start the other. If a script for development starts a server for
 * another purpose, it stays a row, since that server may not be listed.
 */
function mayBeOneRow(server: FoundDefinition, target: FoundDefinition): boolean {
  if (server.purpose === 'test' || target.purpose === 'test') return false;
  return isForRelease(server) || !isForRelease(target);
}

function isForRelease({ purpose }: FoundDefinition): boolean {
  return purpose === 'production' || purpose === 'otherSystem' || purpose === 'example';
}

class ServersByPlace {
  readonly #places = new Map<string, FoundDefinition | 'several'>();

  constructor(found: readonly FoundDefinition[]) {
    for (const server of found) {
      const { source, name, cwd } = server.definition;
      if (source === 'nx') this.#add(`nx ${name}`, server);
      if (source !== 'scripts' || server.traits.isGuess === true) continue;
      this.#places.set(`folder ${cwd} ${name}`, server);
      const { packageName } = server.traits;
      if (packageName === undefined) continue;
      this.#add(`package ${packageName} ${name}`, server);
      // `web` may stand for `@shop/web`.
      if (packageName.startsWith('@'))
        this.#add(`unscoped ${packageName.slice(packageName.indexOf('/') + 1)} ${name}`, server);
    }
  }

  find({ script, packageName, folder, isTarget }: StartedScript): FoundDefinition | undefined {
    const places = [
      ...(isTarget === true ? [`nx nx ${script} ${packageName ?? ''}`] : []),
      ...(packageName === undefined
        ? []
        : [`package ${packageName} ${script}`, `unscoped ${packageName} ${script}`]),
      ...(folder === undefined ? [] : [`folder ${folder} ${script}`]),
    ];
    const found = places.map((place) => this.#places.get(place)).find((server) => server !== undefined);
    return found === 'several' ? undefined : found;
  }

  #add(place: string, server: FoundDefinition): void {
    this.#places.set(place, this.#places.has(place) ? 'several' : server);
  }
}
