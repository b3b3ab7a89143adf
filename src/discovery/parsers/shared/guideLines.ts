import type { FolderFacts } from '../../files/fileParser.js';
import { joinPath } from '../../files/relativePath.js';
import { sourceLines } from './sourceText.js';

/** Guides that say how to run the project of their folder. */
const names: readonly string[] = ['README.md', 'CONTRIBUTING.md', 'AGENTS.md', 'DEVELOPMENT.md'];

/** Returns the lines of the guides of a folder. A parser looks there for what its own file does not say. */
export function guideLines(folder: string, facts: FolderFacts): string[] {
  const present = facts.names(folder);
  return names
    .filter((name) => present.has(name))
    .flatMap((name) => sourceLines(facts.text(joinPath(folder, name)) ?? ''));
}
