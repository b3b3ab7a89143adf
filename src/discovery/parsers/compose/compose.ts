import type { FileParser, Findings, FolderFacts, FoundServer, ServerTraits } from '../../files/fileParser.js';
import { baseName, folderOf, joinPath } from '../../files/relativePath.js';
import { noFindings, unreadableFile } from '../shared/findings.js';
import { isWorkerName, processesJobs } from '../../scripts/jobWorkers.js';
import { parseYamlFile } from '../shared/yaml.js';
import { publishedPort } from './composePorts.js';
import { imageName } from './imageName.js';
import { builtFolder, isReplacedForDevelopment } from './builtServices.js';
import { withPurpose, withTraits } from './composePurpose.js';
import { isSupportingImage } from './supportingImages.js';
import {
  defaultFile,
  isIncomplete,
  isOverlay,
  isPart,
  isOverrideFile,
  mergedServices,
  overrideFile,
  variantFile,
  type Service,
} from './composeFiles.js';
import { isDocumented } from './documentedFile.js';

/** Name of the row of a whole project, which is also its command. */
const projectName = 'docker compose up';

/** Finds whole projects, and the services that publish a port. */
export const composeParser: FileParser = {
  source: 'compose',
  patterns: [
    '{docker-compose,compose}.{yml,yaml}',
    '{docker-compose,compose}.*.{yml,yaml}',
    '{docker-compose,compose}-*.{yml,yaml}',
  ],
  parse: ({ path, text }, facts): Findings => {
    const file = baseName(path);
    const folder = folderOf(path);
    const standard = defaultFile(folder, facts);
    // Docker adds an override file to the default file, and the servers are read from that one.
    if (isOverrideFile(file) && standard !== undefined) return noFindings;
    const read = parseYamlFile(text, facts.l10n);
    if ('problem' in read) return unreadableFile(read.problem);
    if (file === standard) {
      const override = overrideFile(folder, facts);
      const added = override === undefined ? undefined : facts.text(joinPath(folder, override));
      const services = mergedServices(added === undefined ? [text] : [text, added], folder, facts);
      if (isPart(services, text) && !hasOtherFiles(folder, facts)) return noFindings;
      const found = projectServers(services, [], undefined, () => isDocumented(path, facts));
      const isReplaced = isReplacedForDevelopment(services, folder, facts);
      const purpose = isReplaced ? ({ purpose: 'production' } as const) : {};
      return withPurpose(withTraits(found, purpose), services, path, facts);
    }
    return variantServers({ path, text, standard }, folder, facts);
  },
};

/** Returns the servers of a file that Docker reads only if it is named, alone or with the default file. */
function variantServers(
  {
    path,
    text,
    standard,
  }: { readonly path: string; readonly text: string; readonly standard: string | undefined },
  folder: string,
  facts: FolderFacts,
): Findings {
  const file = baseName(path);
  const own = mergedServices([text], folder, facts);
  const base = standard === undefined ? undefined : facts.text(joinPath(folder, standard));
  const standardServices = mergedServices(base === undefined ? [] : [base], folder, facts);
  const variant = variantFile.exec(file)?.[1];
  // Each variant of a project is one row.
  const isOneOfSeveral = [...facts.names(folder)].filter((name) => variantFile.test(name)).length > 2;
  if (!isOverlay(own, standardServices, text)) {
    // Other ways to run the services of the default file are listed as whole projects.
    const known = new Set(standardServices.map(({ name }) => name));
    const { servers, problems } = projectServers(own, ['-f', file], variant);
    const shown = servers.filter(
      ({ name, traits }) => traits?.partOf === undefined || !(isOneOfSeveral || known.has(name)),
    );
    const isDeployed = usesBuiltImages(own, standardServices);
    const found = withTraits({ servers: shown, problems }, isDeployed ? { purpose: 'production' } : {});
    return withPurpose(found, own, path, facts);
  }
  if (base === undefined || standard === undefined) return noFindings;
  const merged = mergedServices([base, text], folder, facts);
  if (isIncomplete(merged, `${base}\n${text}`)) return noFindings;
  // An overlay for a part of the project puts the other services into a profile.
  const isPartial = own.some(({ hasProfile, isComplete }) => hasProfile && !isComplete);
  const together = isPartial
    ? merged.filter(({ hasProfile }) => !hasProfile)
    : merged.filter(({ name }) => own.some((one) => one.name === name));
  const { servers, problems } = projectServers(together, ['-f', standard, '-f', file], variant);
  const isShown = ({ traits }: FoundServer): boolean =>
    traits?.partOf === undefined || !(isOneOfSeveral || isPartial);
  const shown = servers.filter(isShown);
  return withPurpose({ servers: shown, problems }, merged, path, facts);
}

/** Returns whether the settings of a folder name the files that Docker reads there. */
function hasOtherFiles(folder: string, facts: FolderFacts): boolean {
  const isPresent = facts.names(folder).has('.env');
  return isPresent && /^COMPOSE_FILE=/mu.test(facts.text(joinPath(folder, '.env')) ?? '');
}

/** Returns whether services run as images what the default file builds from the sources. */
function usesBuiltImages(services: readonly Service[], standard: readonly Service[]): boolean {
  const built = new Set(standard.filter(({ isBuilt }) => isBuilt).map(({ name }) => name));
  return (
    services.some(({ name }) => built.has(name)) &&
    services.every(({ isBuilt, hasSources }) => !isBuilt && !hasSources)
  );
}

function projectServers(
  services: readonly Service[],
  files: readonly string[],
  variant: string | undefined,
  isNamedByGuide: () => boolean = () => false,
): Findings {
  const complete = services.filter(({ isComplete }) => isComplete);
  const started = complete.filter(({ hasProfile }) => !hasProfile);
  const published = complete.filter((service) => service.ports.length > 0 && !runsJobs(service));
  const isDeployed = complete.some(({ image = '' }) => deploymentImage.test(imageName(image)));
  // A file that the reader of a guide adds may publish the ports.
  const isProject = started.length > 1 && (started.some(({ ports }) => ports.length > 0) || isNamedByGuide());
  const traits: ServerTraits = {
    ...(variant !== undefined && { variant }),
    ...(isDeployed && { purpose: 'production' }),
    ...(started.some(runsTests) && { purpose: 'test' }),
    ...runOfOnly(complete, files),
  };
  const partOf = isProject ? { partOf: projectName } : {};
  const project: FoundServer = {
    name: projectName,
    command: { kind: 'argv', file: 'docker', args: ['compose', ...files, 'up'] },
    ...portOf(mainPorts(started)),
    traits,
  };
  const isMixed = published.some(({ image = '' }) => !isSupportingImage(image));
  const servers = published.map((service) =>
    serviceServer(service, files, {
      ...traits,
      ...partOf,
      ...builtFolder(service, services),
      // The services of the project start their databases.
      ...(!isProject && isMixed && isSupportingImage(service.image ?? '') && { isSupport: true }),
    }),
  );
  return { servers: isProject ? [project, ...servers] : servers, problems: [] };
}

/**
 * Returns the line that also starts the only service of a file: without a name, Docker starts that one. A file that
 * changes another one starts the services of both.
 */
function runOfOnly(services: readonly Service[], files: readonly string[]): Pick<ServerTraits, 'runs'> {
  const isOnly = services.length === 1 && services.every(({ hasProfile }) => !hasProfile);
  return isOnly && files.length <= 2 ? { runs: ['docker compose', ...files, 'up'].join(' ') } : {};
}

/** Returns whether a service tests the others. A run of the project then ends with its tests. */
function runsTests({ name, image = '' }: Service): boolean {
  return testTool.test(name) || testTool.test(image);
}

/** Programs that test pages in browsers, as names of services and images. */
const testTool = /(?:^|[/_-])(?:playwright|cypress)(?:$|[:/_-])/u;

/** Images of programs that get certificates for a public address, or update what runs. */
const deploymentImage = /^(?:acme-companion|certbot|letsencrypt|swag|watchtower)(?:$|[_-])/u;

/**
 * Returns the ports of the service of a project that a developer opens: not a database, and not one that others depend
 * on, such as an API. If several are left, the first one that is built from the project.
 */
function mainPorts(services: readonly Service[]): readonly unknown[] {
  const needed = new Set(services.flatMap(({ dependsOn }) => dependsOn));
  const rank = ({ name, image = '', isBuilt, hasSources }: Service): number =>
    (isSupportingImage(image) ? 4 : 0) + (needed.has(name) ? 2 : 0) + (isBuilt || hasSources ? 0 : 1);
  const [first] = services
    .filter((service) => publishedPort(service.ports) !== undefined && !runsJobs(service))
    .toSorted((one, other) => rank(one) - rank(other));
  return first?.ports ?? [];
}

/** Returns whether a service processes jobs. A port that it publishes then only shows its state. */
function runsJobs({ name, image = '', command = '' }: Service): boolean {
  if (processesJobs(command) || isWorkerName(name)) return true;
  return command === '' && isWorkerName(imageName(image));
}

function serviceServer(
  { name, ports }: Service,
  files: readonly string[],
  traits: ServerTraits,
): FoundServer {
  return {
    name,
    command: { kind: 'argv', file: 'docker', args: ['compose', ...files, 'up', name] },
    ...portOf(ports),
    traits,
  };
}

function portOf(ports: readonly unknown[]): Pick<FoundServer, 'port'> {
  const port = publishedPort(ports);
  return port === undefined ? {} : { port };
}
