import type { FileParser, FolderFacts } from '../../files/fileParser.js';
import { isWorkerName } from '../../scripts/jobWorkers.js';
import { baseName, folderOf, joinPath } from '../../files/relativePath.js';
import { noFindings, singleServer } from '../shared/findings.js';
import { sizeProblem } from '../shared/sourceText.js';
import { withoutElements, withoutParts } from '../shared/xml.js';
import { servesWithQuarkus } from './quarkus.js';
import { buildCommand } from './wrapper.js';

/** Goals that start a server for development, by their plugins, and their default ports. */
const goals: readonly (readonly [plugin: string, goal: string])[] = [
  ['quarkus-maven-plugin', 'quarkus:dev'],
  ['micronaut-maven-plugin', 'mn:run'],
  ['spring-boot-maven-plugin', 'spring-boot:run'],
  ['jetty-maven-plugin', 'jetty:run'],
  ['jetty-ee10-maven-plugin', 'jetty:run'],
  ['jetty-ee11-maven-plugin', 'jetty:run'],
  ['jetty-ee9-maven-plugin', 'jetty:run'],
  ['jetty-ee8-maven-plugin', 'jetty:run'],
  ['tomcat7-maven-plugin', 'tomcat7:run'],
  ['cargo-maven3-plugin', 'cargo:run'],
  ['cargo-maven2-plugin', 'cargo:run'],
  ['payara-micro-maven-plugin', 'payara-micro:dev'],
  ['liberty-maven-plugin', 'liberty:dev'],
  ['helidon-maven-plugin', 'helidon:dev'],
];

const tool = { program: 'mvn', wrapper: 'mvnw', windowsWrapper: 'mvnw.cmd' } as const;

/** A setting that turns off a plugin that the parent of a module sets up. */
const isSkipped = /<skip>\s*true\s*<\/skip>/u;

/** A profile that Maven applies unless the command line names another one. */
const activeProfile = /<activeByDefault>\s*true\s*<\/activeByDefault>/u;

/** Finds projects with a plugin that runs a server. */
export const maven: FileParser = {
  source: 'java',
  patterns: ['pom.xml'],
  parse({ path, text }, facts) {
    if (sizeProblem(text, facts.l10n) !== undefined) return noFindings;
    const project = ownParts(text);
    // A parent of modules has nothing to run.
    if (/<packaging>\s*pom\s*<\/packaging>/u.test(project)) return noFindings;
    const names = artifactsIn(project);
    const folder = folderOf(path);
    const goal =
      goals.find(([plugin]) => names.has(plugin))?.[1] ??
      (isSpringModule(folder, names, facts) ? 'spring-boot:run' : undefined);
    if (goal === undefined || isWorkerName(baseName(folder))) return noFindings;
    if (!isServer(goal, folder, names, facts)) return noFindings;
    const file = buildCommand(folder, tool, facts);
    return singleServer({ name: goal, command: { kind: 'argv', file, args: [goal] }, port: 8080 });
  },
};

/** Starters of Spring Boot that listen. */
const springServers =
  /^(?:spring-boot-starter-(?:web|webmvc|webflux|jersey|jetty|tomcat|undertow|graphql|data-rest|hateoas|rsocket)|spring-cloud-(?:starter-netflix-eureka-server|config-server|starter-gateway.*)|vaadin-spring-boot-starter|.*admin-starter-server)$/u;

/** Returns whether a module is a program of Spring Boot whose plugin comes from the project above it. */
function isSpringModule(folder: string, names: ReadonlySet<string>, facts: FolderFacts): boolean {
  if (folder === '' || ![...names].some((name) => springServers.test(name))) return false;
  const parent = facts.text(joinPath(folderOf(folder), 'pom.xml')) ?? '';
  // A module without its own settings is a library of the others.
  const hasSettings = [...facts.names(joinPath(folder, 'src/main/resources'))].some((name) =>
    /^(?:application|bootstrap)[\w-]*\.(?:ya?ml|properties)$/u.test(name),
  );
  if (!hasSettings || !/spring-boot-(?:starter-parent|maven-plugin)/u.test(parent)) return false;
  // If programs name the plugin themselves, a module without it is a library.
  return ![...modulesBeside(folder, facts).values()].some((module) => module.has('spring-boot-maven-plugin'));
}

/**
 * Returns whether the program that a goal runs listens: Spring Boot also runs commands and batch jobs. The web server
 * may come from modules that it depends on.
 */
function isServer(goal: string, folder: string, names: ReadonlySet<string>, facts: FolderFacts): boolean {
  if (goal === 'quarkus:dev') return servesWithQuarkus(folder, names, facts);
  if (goal !== 'spring-boot:run') return true;
  const starters = [...names].filter((name) => name.startsWith('spring-boot-starter'));
  const own = starters.filter((name) => !/^spring-boot-starter(?:-parent|-test|)$/u.test(name));
  if (own.length === 0 || [...names].some((name) => springServers.test(name))) return true;
  return (
    /(?:^|-)(?:server|service|gateway|web|api)$/u.test(baseName(folder)) || needsServer(folder, names, facts)
  );
}

/** Returns whether a module gets a web server of Spring from the modules next to it that it depends on. */
function needsServer(folder: string, names: ReadonlySet<string>, facts: FolderFacts): boolean {
  const modules = modulesBeside(folder, facts);
  const needed = new Set([...names].filter((name) => modules.has(name)));
  // Iterating over a set also visits elements that are added meanwhile, each of them once.
  for (const module of needed)
    for (const name of modules.get(module) ?? []) if (modules.has(name)) needed.add(name);
  return [...needed].some((module) =>
    [...(modules.get(module) ?? [])].some((name) => springServers.test(name)),
  );
}

/** Maximum number of modules of a project that are read. */
const maxModules = 50;

/** Returns the artifacts that the other modules of the project name, by the folder names of these modules. */
function modulesBeside(folder: string, facts: FolderFacts): ReadonlyMap<string, ReadonlySet<string>> {
  if (folder === '') return new Map();
  const above = folderOf(folder);
  const parent = facts.text(joinPath(above, 'pom.xml')) ?? '';
  const names = [...parent.matchAll(/<module>\s*([\w.-]+)\s*<\/module>/gu)].map(([, name = '']) => name);
  // Request all of them, so that they are read at once.
  return new Map(
    names
      .filter((name) => joinPath(above, name) !== folder)
      .slice(0, maxModules)
      .map((name) => [name, artifactsIn(ownParts(facts.text(joinPath(above, `${name}/pom.xml`)) ?? ''))]),
  );
}

/** Returns the parts that apply without command-line options. */
function ownParts(text: string): string {
  // The managed plugins only have versions for modules that use them.
  const unmanaged = withoutElements(withoutParts(text, '<!--', '-->'), 'pluginManagement');
  const plugins = withoutElements(unmanaged, 'plugin', (plugin) => !isSkipped.test(plugin));
  return withoutElements(plugins, 'profile', (profile) => activeProfile.test(profile));
}

function artifactsIn(project: string): ReadonlySet<string> {
  return new Set(
    [...project.matchAll(/<artifactId>\s*([\w.-]+)\s*<\/artifactId>/gu)].map(([, name = '']) => name),
  );
}
