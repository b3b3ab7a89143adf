import type { FolderFacts } from '../../files/fileParser.js';
import { joinPath } from '../../files/relativePath.js';
import { withoutParts } from '../shared/xml.js';

/** An extension that controls resources of Kubernetes. Its program listens only to report its state. */
const controller = 'quarkus-operator-sdk';

/**
 * Returns whether a module of Quarkus listens. Controllers and programs for the command line only do so with an
 * extension that serves.
 */
export function servesWithQuarkus(folder: string, names: ReadonlySet<string>, facts: FolderFacts): boolean {
  const isWithoutServer = ![...names].some(isQuarkusServer);
  if (names.has(controller)) return [...names].some((name) => isQuarkusServer(name) && !/health/u.test(name));
  if (names.has('quarkus-picocli')) return !isWithoutServer;
  return ![...names].every((name) => !mayServe.test(name)) || !isCommandLine(folder, facts);
}

/** Returns whether an extension of Quarkus listens. A command-line program has none of these. */
function isQuarkusServer(name: string): boolean {
  return /^quarkus-(?:rest|resteasy|reactive-routes|vertx-http|undertow|grpc|websockets|spring-web|qute-web|smallrye-(?:graphql|health|openapi)|.+-server-(?:http|sse))(?!-client)(?:-|$)/u.test(
    name,
  );
}

/** Artifacts that may listen, also through others that they need. */
const mayServe =
  /(?:^|-)(?:web|webauthn|websockets|http|rest(?!-client|-assured)|resteasy(?!-client)|routes|undertow|grpc|graphql|openapi|health|metrics|micrometer|oidc|server|servlet|ui|faces|primefaces|vaadin|hilla|quinoa|renarde|lambda|funqy|camel|messaging|app|api|service)(?:-|$)/u;

/** Maximum depth of the packages of a module, and maximum number of their source files that are read. */
const maxDepth = 5;
const maxSources = 30;

/** Returns whether a class of a module is a program for the command line. */
function isCommandLine(folder: string, facts: FolderFacts): boolean {
  const top = joinPath(folder, 'src/main/java');
  return programSources(joinPath(top, groupOf(folder, facts)), facts).some((text) =>
    /@QuarkusMain\b[^]{0,500}\bimplements\b[^{]{0,200}\bQuarkusApplication\b/u.test(text),
  );
}

/** Returns the texts of the classes below a package, if there are few. */
function programSources(start: string, facts: FolderFacts): string[] {
  let level = [start];
  const sources: string[] = [];
  for (let depth = 0; depth < maxDepth && level.length > 0 && level.length <= maxSources; depth += 1) {
    const entries = level.flatMap((folder) => [...facts.names(folder)].map((name) => joinPath(folder, name)));
    sources.push(...entries.filter((path) => path.endsWith('.java')));
    level = entries.filter((path) => !/\.\w+$/u.test(path));
  }
  return sources.length > maxSources ? [] : sources.map((path) => facts.text(path) ?? '');
}

/** Returns the folder of the package that the group of a project names: `com/example` for `com.example`. */
function groupOf(folder: string, facts: FolderFacts): string {
  const text = facts.text(joinPath(folder, 'pom.xml')) ?? '';
  const dependencies = withoutParts(text, '<dependencies>', '</dependencies>');
  const group = /<groupId>\s*([\w.]{1,100})\s*<\/groupId>/u.exec(dependencies)?.[1] ?? '';
  return group.replaceAll('.', '/');
}
