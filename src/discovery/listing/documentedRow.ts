import type { FoundDefinition } from '../files/foundDefinition.js';
import { folderOfKey, runOfKey } from './runSubject.js';

/**
 * Returns the row of the server that a command of a guide starts with more or fewer arguments than another source:
 * `cargo run` for `cargo run --bin shop`, `go run . serve` for `go run .`. `undefined` for a server of another source.
 */
export function documentedRow<
  Row extends { readonly server: FoundDefinition; readonly alternatives: readonly FoundDefinition[] },
>(guide: FoundDefinition, rows: readonly Row[]): Row | undefined {
  if (guide.definition.source !== 'guides') return undefined;
  const isSame = ({ definition, purpose, keys }: FoundDefinition): boolean =>
    definition.source !== 'guides' &&
    purpose === guide.purpose &&
    keys.some((key) => guide.keys.some((own) => areOneRun(key, own)));
  return rows.find(({ server, alternatives }) => isSame(server) || alternatives.some(isSame));
}

function areOneRun(one: string, other: string): boolean {
  if (folderOfKey(one) !== folderOfKey(other)) return isTaskBelow(one, other) || isTaskBelow(other, one);
  const [first = [], second = []] = [wordsOf(one), wordsOf(other)].toSorted(
    (shorter, longer) => shorter.length - longer.length,
  );
  // A whole project of Compose and its services are separate servers.
  return first[0] === second[0] && first[0] !== 'docker' && first.every((word) => second.includes(word));
}

/** Returns whether a task of Gradle or a goal of Maven also runs in a project below: `gradle bootRun`. */
function isTaskBelow(one: string, other: string): boolean {
  const run = runOfKey(one);
  const below = folderOfKey(one).slice(folderOfKey(other).length);
  const isBelow = folderOfKey(one).startsWith(folderOfKey(other)) && /^[/\\]/u.test(below);
  return /^(?:gradle|mvn) /u.test(run) && run === runOfKey(other) && isBelow;
}

/** Returns the words of a key; `dotnet watch` counts as `dotnet run`. */
function wordsOf(key: string): string[] {
  return runOfKey(key)
    .split(' ')
    .filter((word) => word !== 'watch');
}
