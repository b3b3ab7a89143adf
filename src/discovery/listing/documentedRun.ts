import type { FoundDefinition } from '../files/foundDefinition.js';
import { folderOfKey, runOfKey } from './runSubject.js';

/**
 * Returns whether a guide starts a server that another source describes, with fewer or more arguments: `cargo run` for
 * `cargo run --bin shop`, `go run . serve` for `go run .`.
 */
export function isDocumentedRun(guide: FoundDefinition, server: FoundDefinition): boolean {
  return (
    guide.definition.source === 'guides' &&
    server.definition.source !== 'guides' &&
    server.purpose === guide.purpose &&
    server.keys.some((key) => guide.keys.some((own) => areOneRun(key, own)))
  );
}

function areOneRun(one: string, other: string): boolean {
  if (folderOfKey(one) !== folderOfKey(other)) return false;
  const [first = [], second = []] = [wordsOf(one), wordsOf(other)].toSorted(
    (shorter, longer) => shorter.length - longer.length,
  );
  // Whole projects of Compose and their services are servers of their own.
  return first[0] === second[0] && first[0] !== 'docker' && first.every((word) => second.includes(word));
}

/** Returns the words of a run; a task of Gradle may name its project, and `dotnet watch` runs too. */
function wordsOf(key: string): string[] {
  const [program = '', ...words] = runOfKey(key).split(' ');
  return [
    program,
    ...words.map((word) => word.replace(/^:(?:.*:)?/u, '')).filter((word) => word !== 'watch'),
  ];
}
