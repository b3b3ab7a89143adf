import type { FileParser, FoundServer } from '../../files/fileParser.js';
import { folderOf } from '../../files/relativePath.js';
import { maxFindingsPerFile } from '../shared/findings.js';
import { documentedServer } from './documentedServer.js';
import { GuidedProject } from './guidedProject.js';
import { guideCommands } from './guideCommands.js';

/** Names of guides for developers, in their usual spellings. */
const names =
  '{README,Readme,readme,CONTRIBUTING,Contributing,contributing,DEVELOPMENT,development,DEVELOPING,DEVELOPERS,HACKING,AGENTS,CLAUDE}';

/** Maximum number of commands of one guide. Guides with more are generated. */
const maxCommands = 1000;

/** Finds the servers that the guides of a project tell developers to start. */
export const guide: FileParser = {
  source: 'guides',
  // In a large workspace, the guides of packages are for their users.
  nearest: 50,
  patterns: [`${names}.md`, '{README,CONTRIBUTING}.rst'],
  parse({ path, text }, facts) {
    // A guide in `docs` is about the folder above.
    const folder = folderOf(path).replace(/(?:^|\/)(?:docs?|\.github)(?:\/.*|$)/u, '');
    const project = new GuidedProject(facts, folder);
    const found = guideCommands(text)
      .slice(0, maxCommands)
      .flatMap((command) => documentedServer(command, project) ?? []);
    return { servers: withDistinctNames(found).slice(0, maxFindingsPerFile), problems: [] };
  },
};

/** Omits duplicate servers, and adds the folder to the names of those in other folders. */
function withDistinctNames(found: readonly FoundServer[]): FoundServer[] {
  const byName = new Map<string, FoundServer>();
  for (const server of found) {
    const { name, directory = '' } = server;
    const first = byName.get(name);
    if (!first) byName.set(name, server);
    else if (first.directory !== directory) {
      const distinct = `${name} (${directory === '' ? '.' : directory})`;
      if (!byName.has(distinct)) byName.set(distinct, { ...server, name: distinct });
    }
  }
  return [...byName.values()];
}
