import type { ServerDefinition } from '../../core/server/definition.js';
import { declaredPort } from '../../core/tcpPorts/declaredPort.js';
import { areSame } from '../../core/areSame.js';
import type { FoundDefinitions } from '../files/foundDefinition.js';

type Labels = Readonly<Record<string, string>>;

/** A file with labels of ports, which apply to its folder and those below. */
type LabellingFile = FoundDefinitions & { readonly portLabels: Labels };

/** Adds the labels of ports to servers. Unchanged servers stay the same objects. */
export class PortLabels {
  #files: readonly LabellingFile[] = [];
  #labelled = new WeakMap<ServerDefinition, ServerDefinition>();

  /**
   * Returns the servers with the labels of the nearest folder above each. `found` contains the results of all files.
   */
  apply(
    definitions: readonly ServerDefinition[],
    found: readonly FoundDefinitions[],
  ): readonly ServerDefinition[] {
    const files = found.filter((file): file is LabellingFile => file.portLabels !== undefined);
    if (!areSame(files, this.#files)) this.#labelled = new WeakMap();
    this.#files = files;
    return files.length === 0 ? definitions : definitions.map((definition) => this.#label(definition));
  }

  #label(definition: ServerDefinition): ServerDefinition {
    const known = this.#labelled.get(definition);
    if (known) return known;
    const labels = this.#labelsFor(definition.subfolder);
    const labelled = labels ? withLabels(definition, labels) : definition;
    this.#labelled.set(definition, labelled);
    return labelled;
  }

  #labelsFor(subfolder: string): Labels | undefined {
    const above = this.#files.filter(
      ({ folder }) => folder === '' || subfolder === folder || subfolder.startsWith(`${folder}/`),
    );
    const nearest = Math.max(...above.map(({ folder }) => folder.length));
    // Several dev containers of one folder may label the same port; the first file wins.
    const all = above.filter(({ folder }) => folder.length === nearest).toReversed();
    return all.length === 0 ? undefined : Object.assign({}, ...all.map(({ portLabels }) => portLabels));
  }
}

function withLabels(definition: ServerDefinition, portLabels: Labels): ServerDefinition {
  const { alternatives } = definition;
  const portLabel = portLabels[declaredPort(definition) ?? ''];
  return {
    ...definition,
    portLabels,
    ...(portLabel !== undefined && { portLabel }),
    ...(alternatives && { alternatives: alternatives.map((way) => withLabels(way, portLabels)) }),
  };
}
