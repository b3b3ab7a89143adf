import { DEFAULT_SCHEMA, load, Type } from 'js-yaml';
import type { FileParser, FolderFacts, FoundServer } from '../files/fileParser.js';
import { publishedPort } from './composePorts.js';
import { baseName, folderOf } from '../files/relativePath.js';
import { isObject } from '../files/isObject.js';

/** A person's file is far smaller, and parsing takes time. */
const maxLength = 64 * 1024;

/** Docker has tags of its own, such as `!reset`; what they stand at is taken as it is. */
const schema = DEFAULT_SCHEMA.extend(
  (['scalar', 'sequence', 'mapping'] as const).map(
    (kind) => new Type('!', { kind, multi: true, construct: (data: unknown) => data }),
  ),
);

/** In the order in which docker looks for them. */
const defaultNames: readonly string[] = [
  'compose.yaml',
  'compose.yml',
  'docker-compose.yml',
  'docker-compose.yaml',
];

/** Files that are laid over another one, or not meant for development. */
const skippedFile = /\.(?:override|prod|production|staging|ci|test|testing|e2e)\.ya?ml$/u;

/** Finds the services that publish a port; docker itself adds the override files. */
export const composeParser: FileParser = {
  source: 'compose',
  patterns: ['{docker-compose,compose}.{yml,yaml}', '{docker-compose,compose}.*.{yml,yaml}'],
  parse: ({ path, text }, facts) => {
    if (skippedFile.test(path)) return { servers: [], problems: [] };
    if (text.length > maxLength)
      return { servers: [], problems: [facts.l10n.t('It is larger than 64 KiB.')] };
    const { value, problems } = parseYaml(text, facts);
    const services = isObject(value) ? value['services'] : undefined;
    if (!isObject(services)) return { servers: [], problems };
    return {
      servers: Object.entries(services).flatMap(
        ([name, service]) => serviceServer(name, service, path, facts) ?? [],
      ),
      problems,
    };
  },
};

/** The value, and what is wrong with it in one sentence. The parser ends at the first fault, and at 100 levels. */
function parseYaml(text: string, { l10n }: FolderFacts): { value: unknown; problems: string[] } {
  try {
    return { value: load(text, { schema }), problems: [] };
  } catch (error) {
    const detail = error instanceof Error ? firstLine(error.message) : String(error);
    return { value: undefined, problems: [l10n.t('It is not valid YAML: {0}', detail)] };
  }
}

function serviceServer(
  name: string,
  service: unknown,
  path: string,
  facts: FolderFacts,
): FoundServer | undefined {
  if (!isObject(service) || !/^[A-Za-z0-9][\w.-]*$/u.test(name)) return undefined;
  const ports = service['ports'];
  if (!Array.isArray(ports) || ports.length === 0) return undefined;
  const file = baseName(path);
  const isDefault = file === defaultFile(folderOf(path), facts);
  // Without one of these it is the part of a service that another file has.
  if (!isDefault && !['image', 'build', 'extends'].some((key) => key in service)) return undefined;
  const port = publishedPort(ports);
  const args = ['compose', ...(isDefault ? [] : ['-f', file]), 'up', name];
  return { name, command: { kind: 'argv', file: 'docker', args }, ...(port === undefined ? {} : { port }) };
}

/** The file that docker reads when it is told none. */
function defaultFile(folder: string, facts: FolderFacts): string | undefined {
  const present = facts.names(folder);
  return defaultNames.find((name) => present.has(name));
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.replace(/:$/u, '') ?? '';
}
