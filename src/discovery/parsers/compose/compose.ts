import { DEFAULT_SCHEMA, load, Type } from 'js-yaml';
import type { FileParser, FolderFacts, FoundServer } from '../../files/fileParser.js';
import { publishedPort } from './composePorts.js';
import { baseName, folderOf } from '../../files/relativePath.js';
import { isObject } from '../../files/isObject.js';

/** Hand-written files are far smaller, and parsing takes time. */
const maxLength = 64 * 1024;

/** Docker has its own tags, such as `!reset`; their values are used as they are. */
const schema = DEFAULT_SCHEMA.extend(
  (['scalar', 'sequence', 'mapping'] as const).map(
    (kind) => new Type('!', { kind, multi: true, construct: (data: unknown) => data }),
  ),
);

/** File names in the order in which Docker looks for them. */
const defaultNames: readonly string[] = [
  'compose.yaml',
  'compose.yml',
  'docker-compose.yml',
  'docker-compose.yaml',
];

/** Files that override another one, or are not for development. */
const skippedFile = /\.(?:override|prod|production|staging|ci|test|testing|e2e)\.ya?ml$/u;

/** Finds the services that publish a port; Docker itself adds the override files. */
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

/** Returns the value and its problems. The parser stops at the first error, and at 100 levels. */
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
  // Otherwise it overrides a service of another file.
  if (!isDefault && !['image', 'build', 'extends'].some((key) => key in service)) return undefined;
  const port = publishedPort(ports);
  const args = ['compose', ...(isDefault ? [] : ['-f', file]), 'up', name];
  return { name, command: { kind: 'argv', file: 'docker', args }, ...(port === undefined ? {} : { port }) };
}

/** Returns the file that Docker reads by default. */
function defaultFile(folder: string, facts: FolderFacts): string | undefined {
  const present = facts.names(folder);
  return defaultNames.find((name) => present.has(name));
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.replace(/:$/u, '') ?? '';
}
