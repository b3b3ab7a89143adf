import type { FolderFacts } from '../../files/fileParser.js';
import { joinPath } from '../../files/relativePath.js';
import { parseJsonFile } from './json.js';
import { ownEntries, ownValue } from './ownValues.js';

/** Returns the scripts of the package in a folder, by name; none if its `package.json` is missing or invalid. */
export function packageScripts(folder: string, facts: FolderFacts): ReadonlyMap<string, string> {
  const text = facts.text(joinPath(folder, 'package.json'));
  const read = text === undefined ? undefined : parseJsonFile(text, facts.l10n);
  if (read === undefined || 'problem' in read) return new Map();
  const scripts = ownEntries(ownValue(read.value, 'scripts'));
  return new Map(
    scripts.flatMap(([name, body]) => (typeof body === 'string' ? [[name, body] as const] : [])),
  );
}
