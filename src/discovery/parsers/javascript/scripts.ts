import type { Agent } from 'package-manager-detector';
import type { FileParser } from '../../files/fileParser.js';
import { parsePackageFile } from '../../scripts/packageFile.js';
import { isWorkerName } from '../../scripts/jobWorkers.js';
import { argumentPrefix, runCommand } from '../../scripts/packageManager.js';
import { folderOf } from '../../files/relativePath.js';

/** Returns whether a package is a program that processes jobs, according to its folders. */
function isOfWorker(path: string): boolean {
  return folderOf(path)
    .split('/')
    .some((folder) => isWorkerName(folder));
}

/** Finds servers among the scripts of packages; `agentFor` returns the package manager of a folder. */
export function scriptsParser(agentFor: (folder: string) => Agent): FileParser {
  return {
    source: 'scripts',
    patterns: ['package.json'],
    parse: ({ path, text }, { l10n }) => {
      const { name: packageName, scripts, problems } = parsePackageFile(text, l10n, isOfWorker(path));
      const traits = packageName === undefined ? {} : { packageName };
      const agent = agentFor(folderOf(path));
      return {
        servers: scripts.map(({ name, body, isGuess, others }) => ({
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
