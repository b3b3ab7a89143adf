import type { FileParser, FolderFacts } from '../../files/fileParser.js';
import { parsePackageFile } from '../../scripts/packageFile.js';
import { isWorkerName } from '../../scripts/jobWorkers.js';
import { argumentPrefix, runCommand, type PackageManagers } from '../../scripts/packageManager.js';
import { folderOf } from '../../files/relativePath.js';
import { guidedAgent } from '../shared/guidedAgent.js';
import { idleScripts } from './idleScripts.js';
import { onlyPackages } from './onlyPackage.js';
import { withStartedProgram } from './startedProgram.js';

/** Returns whether a package probably does not serve, by its folders: it processes jobs, or is a tool of the project. */
function servesRarely(path: string): boolean {
  return folderOf(path)
    .split('/')
    .some((folder) => isWorkerName(folder) || /^(?:scripts|hack)$/u.test(folder));
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
        asRun: runLines(folderOf(path), text, facts),
      });
      const onlyScript = onlyPackages(folderOf(path), text, facts);
      const traits = packageName === undefined ? {} : { packageName };
      const locks = managers.locksOf(folderOf(path));
      const guided = locks && guidedAgent(locks.folder, locks.agents, facts);
      const agent = guided ?? managers.managerOf(folderOf(path));
      return {
        servers: scripts.map(({ name, body, isGuess, others }) => ({
          name,
          command: runCommand(agent, name),
          traits: { ...traits, ...(isGuess === true && { isGuess }), onlyScript: onlyScript(body) },
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

/**
 * Returns a function that replaces the line of a script with what it runs according to other files: nothing that serves,
 * or a program that the settings of a bundler start.
 */
function runLines(folder: string, manifest: string, facts: FolderFacts): (line: string) => string {
  const isIdle = idleScripts(folder, manifest, facts);
  return (line) => (isIdle(line) ? 'true' : (withStartedProgram(line, folder, facts) ?? line));
}
