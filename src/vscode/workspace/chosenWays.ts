import type { Memento } from 'vscode';
import type { ServerDefinition } from '../../core/server/definition.js';
import { storedKey } from './storedIdentity.js';

const storageKey = 'devServers.ways';

interface Applied {
  readonly way: string;
  readonly definition: ServerDefinition;
}

/** Remembers which of several ways the user chose to start a server. Stored in the state of the workspace. */
export class ChosenWays {
  readonly #applied = new WeakMap<ServerDefinition, Applied>();

  constructor(private readonly memento: Memento) {}

  /** Returns the definitions with the commands of the chosen ways; the same objects for the same definitions. */
  apply(definitions: readonly ServerDefinition[]): readonly ServerDefinition[] {
    const chosen = this.#chosen();
    if (Object.keys(chosen).length === 0) return definitions;
    return definitions.map((definition) => {
      const way = definition.alternatives && chosen[storedKey(definition)];
      return way === undefined ? definition : this.#applyWay(definition, way);
    });
  }

  /** Sets the way in which a server is started from now on. It takes effect with the next scan. */
  async choose(definition: ServerDefinition, way: ServerDefinition): Promise<void> {
    const key = storedKey(definition);
    const { [key]: _, ...others } = this.#chosen();
    // The discovered server becomes one of the other ways of the server that replaces it.
    const isFoundWay = way.id === definition.id;
    await this.memento.update(storageKey, isFoundWay ? others : { ...others, [key]: way.id });
  }

  #applyWay(definition: ServerDefinition, id: string): ServerDefinition {
    const known = this.#applied.get(definition);
    if (known?.way === id) return known.definition;
    const way = definition.alternatives?.find((each) => each.id === id);
    const applied = way ? startedBy(definition, way) : definition;
    this.#applied.set(definition, { way: id, definition: applied });
    return applied;
  }

  #chosen(): Readonly<Record<string, string>> {
    return this.memento.get<Readonly<Record<string, string>>>(storageKey, {});
  }
}

/** Returns a definition with the command of another way. It is still the same server, in the same row. */
function startedBy(definition: ServerDefinition, way: ServerDefinition): ServerDefinition {
  const { id, name, folder, subfolder, isMain, alternatives = [] } = definition;
  const { alternatives: _, ...found } = definition;
  return {
    ...way,
    textInFile: way.textInFile ?? way.name,
    id,
    name,
    folder,
    subfolder,
    ...(isMain !== undefined && { isMain }),
    alternatives: [found, ...alternatives.filter((each) => each !== way)],
  };
}
