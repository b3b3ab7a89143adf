import { shortId, type ServerIdentity } from './identity.js';
import { isNamedByUser, fullTitle, type ServerDefinition } from './definition.js';

/**
 * Returns the definitions with titles that differ: where two packages called `web` have a script `dev`, each title
 * shows the folder. A definition whose usual title is unique stays the same object.
 */
export function withUniqueTitles(definitions: readonly ServerDefinition[]): readonly ServerDefinition[] {
  const titles = new Map<ServerDefinition, string>();
  let ambiguous = definitions;
  for (const titleOf of [fullTitle, titleInFolder, titleInWorkspace, titleWithFile]) {
    for (const definition of ambiguous) titles.set(definition, titleOf(definition));
    const counts = countsOf(definitions.map((definition) => titles.get(definition) ?? ''));
    ambiguous = definitions.filter((definition) => (counts.get(titles.get(definition) ?? '') ?? 0) > 1);
  }
  return definitions.map((definition) => {
    const title = titles.get(definition);
    return title === undefined || title === fullTitle(definition) ? definition : { ...definition, title };
  });
}

/** Returns the title of a server of which only a record is left: `web: dev`, or the name that a user gave it. */
export function recordedTitle({ id, folder }: ServerIdentity): string {
  const short = shortId(id);
  const separator = id.at(-short.length - 1);
  if (separator === ':') return `${folder ?? id.slice(0, -short.length - 1)}: ${short}`;
  const [path = '', ...name] = short.split(':');
  return name.length === 0 ? short : `${path.split('/').at(-1)}: ${name.join(':')}`;
}

function titleInFolder(definition: ServerDefinition): string {
  const { subfolder, folder, name } = definition;
  return `${isNamedByUser(definition) ? folder : subfolder || folder}: ${name}`;
}

function titleInWorkspace({ subfolder, folder, name }: ServerDefinition): string {
  return `${subfolder === '' ? folder : `${folder}/${subfolder}`}: ${name}`;
}

function titleWithFile(definition: ServerDefinition): string {
  const { file } = definition;
  return file === undefined ? titleInWorkspace(definition) : `${titleInWorkspace(definition)} (${file})`;
}

function countsOf(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
