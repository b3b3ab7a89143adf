import { posix } from 'node:path';
import { commandText } from '../../../../src/core/server/definition.js';
import type { FileParser, FolderFacts } from '../../../../src/discovery/files/fileParser.js';
import { english } from './fakes.js';

/** Files by their path; the text of files that are never read may be empty. */
export type Files = Readonly<Record<string, string>>;

/** Returns the facts that a parser receives about a workspace folder with these files. */
export function factsOf(files: Files, given: Partial<FolderFacts> = {}): FolderFacts {
  const folders = new Map<string, Set<string>>();
  for (const path of Object.keys(files)) {
    const parts = path.split('/');
    for (const [index, part] of parts.entries()) {
      const folder = parts.slice(0, index).join('/');
      folders.set(folder, (folders.get(folder) ?? new Set()).add(part));
    }
  }
  return {
    names: (folder) => folders.get(folder) ?? new Set(),
    text: (path) => files[path],
    folderName: 'shop',
    system: 'linux',
    l10n: english,
    staticServer: { command: { kind: 'argv', file: 'editor', args: ['serve.js'] }, env: { AS_NODE: '1' } },
    ...given,
  };
}

/**
 * Formats the findings of a parser in a workspace folder, a line for each server: `file › name: command (in folder,
 * port)`.
 */
export function found(parser: FileParser, files: Files, given: Partial<FolderFacts> = {}): string[] {
  const facts = factsOf(files, given);
  return Object.entries(files)
    .filter(([path]) => matches(parser, path))
    .flatMap(([path, text]) => {
      const { servers, problems } = parser.parse({ path, text }, facts);
      const lines = servers.map(({ name, command, directory = posix.dirname(path), port, file = path }) => {
        const place = directory === '.' || directory === '' ? '' : `in ${directory}`;
        const details = [place, port === undefined ? '' : `:${port}`].filter((part) => part !== '');
        const where = details.length === 0 ? '' : ` (${details.join(', ')})`;
        return `${file} › ${name}: ${commandText(command)}${where}`;
      });
      return lines.concat(problems.map((problem) => `! ${path}: ${problem}`));
    });
}

/** Returns whether a path ends like a pattern, which is a name or a path. */
function matches({ patterns }: FileParser, path: string): boolean {
  return patterns.some((pattern) => path === pattern || path.endsWith(`/${pattern}`));
}

/** Files that make parsers continue past their first check. */
export const markerFiles = [
  'package.json',
  'bun.lock',
  'go.mod',
  'artisan',
  '.venv/bin/python',
  '__init__.py',
  'bin/dev',
];
