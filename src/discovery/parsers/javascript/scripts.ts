import type { FileParser, FolderFacts } from '../../files/fileParser.js';
import { parsePackageFile } from '../../scripts/packageFile.js';
import { isWorkerName } from '../../scripts/jobWorkers.js';
import { argumentPrefix, runCommand, type PackageManagers } from '../../scripts/packageManager.js';
import { folderOf, joinPath } from '../../files/relativePath.js';
import { guidedAgent } from '../shared/guidedAgent.js';

/** Returns whether a package probably does not serve, by its folders: it processes jobs, or is a tool of the project. */
function servesRarely(path: string): boolean {
  return folderOf(path)
    .split('/')
    .some((folder) => isWorkerName(folder) || /^(?:scripts|hack)$/u.test(folder));
}

/** A script that runs the usual source file of an application of Nest, or what is built from it. */
const runsUsualFile = /\bnest start\b(?!.*--entryFile)|\bnode (?:--\S+ )*(?:\.\/)?dist\/(?:src\/)?main\b/u;

/** Returns whether an application of Nest, according to its usual source file, runs a command or jobs, and ends. */
function runsWithoutServer(folder: string, manifest: string, facts: FolderFacts): boolean {
  if (!/\bnest start\b/u.test(manifest)) return false;
  const source = facts.text(joinPath(folder, 'src/main.ts')) ?? '';
  return /\bcreateApplicationContext\(|\bCommandFactory\./u.test(source) && !source.includes('.listen(');
}

/** A script that compiles a library again whenever a file changes. */
const watchesLibrary = /\bvite build(?: [^\s"\\&|;]{1,100}){0,9} (?:--watch|-w)\b/u;

/**
 * Returns whether Vite builds a library, according to the scripts of its package, which has no page. There is nothing to
 * preview then.
 */
function hasNoPages(folder: string, manifest: string, facts: FolderFacts): boolean {
  return watchesLibrary.test(manifest) && !facts.names(folder).has('index.html');
}

/**
 * Returns whether a package has source files for Vite, but neither a page nor settings: other packages import it, by its
 * name with a scope. An application is also built with Vite, so its folder does not matter.
 */
function hasOnlyModules(folder: string, manifest: string, facts: FolderFacts): boolean {
  const mayBeImported = /"name"\s{0,9}:\s{0,9}"@/u.test(manifest) && !/\bvite build\b/u.test(manifest);
  if (!mayBeImported || !/"vite(?: |")/u.test(manifest)) return false;
  const names = facts.names(folder);
  const isServed = [...names].some(
    (name) => name === 'index.html' || /^vite\.config\.[cm]?[jt]s$/u.test(name),
  );
  return names.has('src') && !isServed;
}

/** Finds servers among the scripts of packages. */
export function scriptsParser(managers: Pick<PackageManagers, 'locksOf' | 'managerOf'>): FileParser {
  return {
    source: 'scripts',
    patterns: ['package.json'],
    parse: ({ path, text }, facts) => {
      const {
        name: packageName,
        scripts,
        problems,
      } = parsePackageFile(text, facts.l10n, {
        isWorker: servesRarely(path),
        hasPages: !hasOnlyModules(folderOf(path), text, facts),
      });
      const endsItself = runsWithoutServer(folderOf(path), text, facts);
      const isLibrary = hasNoPages(folderOf(path), text, facts);
      const shown = scripts.filter(
        ({ body }) => !(endsItself && runsUsualFile.test(body)) && !(isLibrary && body === 'vite preview'),
      );
      const traits = packageName === undefined ? {} : { packageName };
      const locks = managers.locksOf(folderOf(path));
      const guided = locks && guidedAgent(locks.folder, locks.agents, facts);
      const agent = guided ?? managers.managerOf(folderOf(path));
      return {
        servers: shown.map(({ name, body, isGuess, others }) => ({
          name,
          command: runCommand(agent, name),
          traits: isGuess === true ? { ...traits, isGuess } : traits,
          script: {
            body,
            argumentPrefix: argumentPrefix(agent),
            ...(others.length > 0 && { others }),
          },
        })),
        problems,
      };
    },
  };
}
