import type { FolderFacts } from '../../files/fileParser.js';
import { joinPath } from '../../files/relativePath.js';
import { ownEntries, ownValue } from '../shared/ownValues.js';
import { parseYamlFile } from '../shared/yaml.js';

/** File that Docker reads only if it is named, and the words that distinguish it. */
export const variantFile = /^(?:docker-)?compose[.-](.+)\.ya?ml$/u;

/** File names in the order in which Docker looks for them. */
const defaultNames: readonly string[] = [
  'compose.yaml',
  'compose.yml',
  'docker-compose.yml',
  'docker-compose.yaml',
];

const overrideNames: readonly string[] = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

/** Maximum number of nested includes that are read. */
const maxIncludes = 10;

/** How a service is built from sources. */
interface Build {
  /** Folder from which it is built. */
  readonly context: string | undefined;
  /** The Dockerfile from which it is built, unless it is the default one of its folder. */
  readonly dockerfile: string | undefined;
  /** The stage of the Dockerfile that it runs. */
  readonly target: string | undefined;
  readonly isBuilt: boolean;
  /** Values of the arguments with which it is built. */
  readonly buildValues: readonly string[];
}

/** A service, merged from all files. */
export interface Service extends Build {
  readonly name: string;
  readonly ports: readonly unknown[];
  /** Whether a file states what it runs, and not only how it differs. */
  readonly isComplete: boolean;
  /** Whether it runs only if it is named. */
  readonly hasProfile: boolean;
  /** Image that it runs. */
  readonly image: string | undefined;
  /** Whether its container gets a folder with sources of the project. */
  readonly hasSources: boolean;
  /** The command of its container, if the file states it. */
  readonly command: string | undefined;
  /** Names of the services that are started before it. */
  readonly dependsOn: readonly string[];
}

/** Returns the file that Docker reads by default. */
export function defaultFile(folder: string, facts: FolderFacts): string | undefined {
  const present = facts.names(folder);
  return defaultNames.find((name) => present.has(name));
}

/** Returns the file that Docker adds to the default one. */
export function overrideFile(folder: string, facts: FolderFacts): string | undefined {
  const present = facts.names(folder);
  return overrideNames.find((name) => present.has(name));
}

export function isOverrideFile(name: string): boolean {
  return overrideNames.includes(name);
}

/**
 * Parses files and merges their services as Docker does: lists of ports are combined, and for other values the last
 * file wins.
 */
export function mergedServices(
  texts: readonly string[],
  folder: string,
  facts: FolderFacts,
): readonly Service[] {
  const services = new Map<string, Service>();
  for (const text of texts) {
    const read = parseYamlFile(text, facts.l10n);
    if (!('value' in read)) continue;
    for (const each of [
      ...includedServices(read.value, folder, facts),
      ...extendedServices(read.value, folder, facts),
    ]) {
      const before = services.get(each.name);
      services.set(each.name, before ? merged(before, each) : each);
    }
  }
  return [...services.values()];
}

/**
 * Returns whether a service needs one that no file defines. Docker refuses such files alone; they are added to others.
 */
export function isIncomplete(services: readonly Service[], text: string): boolean {
  if (/^include:|\bextends:/mu.test(text)) return false;
  const known = new Set(services.map(({ name }) => name));
  return services.some(({ dependsOn }) => dependsOn.some((name) => !known.has(name)));
}

/** Returns whether Docker refuses the services of a file alone: one needs another, or states nothing to run. */
export function isPart(services: readonly Service[], text: string): boolean {
  return isIncomplete(services, text) || services.some(({ isComplete }) => !isComplete);
}

/**
 * Returns whether the services of a variant only work with those of the default file, or complete these. A variant that
 * states all of them replaces that file.
 */
export function isOverlay(own: readonly Service[], standard: readonly Service[], text: string): boolean {
  const open = new Set(standard.filter(({ isComplete }) => !isComplete).map(({ name }) => name));
  const known = new Set(own.map(({ name }) => name));
  const completes = own.some(({ name }) => open.has(name)) && standard.some(({ name }) => !known.has(name));
  return completes || isPart(own, text);
}

function includedServices(value: unknown, folder: string, facts: FolderFacts): Service[] {
  const included = ownValue(value, 'include');
  const paths = (Array.isArray(included) ? included : []).flatMap((entry: unknown) => {
    const path = typeof entry === 'string' ? entry : ownValue(entry, 'path');
    return typeof path === 'string' ? path.replace(/^\.\//u, '') : [];
  });
  return paths.slice(0, maxIncludes).flatMap((path) => servicesOfFile(path, folder, facts));
}

function servicesOfFile(path: string, folder: string, facts: FolderFacts): Service[] {
  const text = path.startsWith('..') ? undefined : facts.text(joinPath(folder, path));
  const read = text === undefined ? undefined : parseYamlFile(text, facts.l10n);
  return read !== undefined && 'value' in read ? servicesIn(read.value) : [];
}

/** Returns the services of a file, including what they extend in other files. */
function extendedServices(value: unknown, folder: string, facts: FolderFacts): Service[] {
  const known = new Map<string, readonly Service[]>();
  return servicesIn(value).map((service) => {
    const extended = ownValue(ownValue(ownValue(value, 'services'), service.name), 'extends');
    const [file, name] = [ownValue(extended, 'file'), ownValue(extended, 'service')];
    if (typeof file !== 'string') return service;
    const path = file.replace(/^\.\//u, '');
    const services = known.get(path) ?? (known.size < maxIncludes ? servicesOfFile(path, folder, facts) : []);
    known.set(path, services);
    const base = services.find((each) => each.name === name);
    return base ? merged(base, service) : service;
  });
}

function servicesIn(value: unknown): Service[] {
  return ownEntries(ownValue(value, 'services')).flatMap(([name, service]) =>
    /^[A-Za-z0-9][\w.-]*$/u.test(name) && ownEntries(service).length > 0 ? serviceIn(name, service) : [],
  );
}

function serviceIn(name: string, service: unknown): Service {
  const ports = ownValue(service, 'ports');
  const profiles = ownValue(service, 'profiles');
  return {
    name,
    ports: Array.isArray(ports) ? ports : [],
    isComplete: ['image', 'build', 'extends', 'provider'].some((key) => ownValue(service, key) !== undefined),
    hasProfile: Array.isArray(profiles) && profiles.length > 0,
    ...buildIn(ownValue(service, 'build')),
    image: textIn(service, 'image'),
    hasSources: getsSources(ownValue(service, 'volumes')),
    command: commandIn(ownValue(service, 'command')),
    dependsOn: dependenciesIn(ownValue(service, 'depends_on')),
  };
}

function buildIn(build: unknown): Build {
  const context = typeof build === 'string' ? build : textIn(build, 'context');
  return {
    context,
    dockerfile: textIn(build, 'dockerfile'),
    target: textIn(build, 'target'),
    // Sources at an address are those of a release.
    isBuilt: build !== undefined && !isAddress(context),
    buildValues: textsIn(ownValue(build, 'args')),
  };
}

function textIn(value: unknown, key: string): string | undefined {
  const text = ownValue(value, key);
  return typeof text === 'string' ? text : undefined;
}

function isAddress(context = ''): boolean {
  return /^(?:https?|git|ssh):\/\/|^git@/u.test(context);
}

/** Returns the values of build arguments: a list of `NAME=value`, or an object. */
function textsIn(value: unknown): string[] {
  const values = Array.isArray(value) ? value : ownEntries(value).map(([, each]) => each);
  return values.flatMap((each: unknown) => (typeof each === 'string' ? each.replace(/^\w+=/u, '') : []));
}

function commandIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.filter((word) => typeof word === 'string').join(' ') : undefined;
}

/** Parses `depends_on`: a list of names, or an object with a condition for each. Docker ignores missing optional ones. */
function dependenciesIn(value: unknown): string[] {
  if (!Array.isArray(value))
    return ownEntries(value).flatMap(([name, each]) => (ownValue(each, 'required') === false ? [] : name));
  return value.filter((name) => typeof name === 'string');
}

/** Returns whether a volume mounts the folder of the file or one above it. Folders below it contain data. */
function getsSources(volumes: unknown): boolean {
  return (Array.isArray(volumes) ? volumes : []).some((volume: unknown) => {
    const source = typeof volume === 'string' ? volume.split(':')[0] : ownValue(volume, 'source');
    return typeof source === 'string' && /^\.\/?$|^\.\.(?:\/|$)/u.test(source);
  });
}

function merged(base: Service, override: Service): Service {
  return {
    name: override.name,
    ports: [...base.ports, ...override.ports],
    isComplete: base.isComplete || override.isComplete,
    hasProfile: base.hasProfile || override.hasProfile,
    context: override.context ?? base.context,
    dockerfile: override.dockerfile ?? base.dockerfile,
    target: override.target ?? base.target,
    isBuilt: base.isBuilt || override.isBuilt,
    buildValues: [...base.buildValues, ...override.buildValues],
    image: override.image ?? base.image,
    hasSources: base.hasSources || override.hasSources,
    command: override.command ?? base.command,
    dependsOn: [...base.dependsOn, ...override.dependsOn],
  };
}
