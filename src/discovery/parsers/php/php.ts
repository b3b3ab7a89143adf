import type { FileParser, Findings, FolderFacts, FoundServer } from '../../files/fileParser.js';
import { composerScripts } from './composer.js';
import { noFindings, singleServer } from '../shared/findings.js';
import { folderOf, joinPath, baseName, ancestorFolders } from '../../files/relativePath.js';

/** Folders that contain the only public files of a project. */
const documentRoots: ReadonlySet<string> = new Set(['public', 'web', 'htdocs', 'www', 'webroot']);

/** Folders whose pages do not belong to the project itself. */
const foreignFolders: ReadonlySet<string> = new Set([
  'vendor',
  'node_modules',
  'tests',
  'test',
  'templates',
  'views',
]);

/** Finds PHP servers other than Laravel: scripts of a `composer.json`, and an `index.php` for PHP's own server. */
export const php: FileParser = {
  source: 'php',
  patterns: ['index.php', 'composer.json', 'symfony.lock'],
  parse({ path, text }, facts) {
    const folder = folderOf(path);
    if (baseName(path) === 'symfony.lock') return symfonyServer(folder, facts);
    if (baseName(path) === 'composer.json') {
      return facts.names(folder).has('artisan') ? noFindings : composerScripts(text, facts.l10n);
    }
    if (isEmptyPage(text) || folder.split('/').some((part) => foreignFolders.has(part))) return noFindings;
    const server = documentRoots.has(baseName(folder))
      ? documentRootServer(folder, facts)
      : folderServer(folder, facts);
    return server ? singleServer(server) : noFindings;
  },
};

/** Returns whether a page is only a comment. Plugins of WordPress use it so that no list of their files is shown. */
function isEmptyPage(text: string): boolean {
  return text.length < 300 && /^\s*<\?php\s+(?:\/\/|#|\/\*)[^;<]*$/u.test(text);
}

/** Serves a Symfony project with the Symfony CLI. */
function symfonyServer(folder: string, facts: FolderFacts): Findings {
  if (!facts.names(joinPath(folder, 'public')).has('index.php')) return noFindings;
  const command = { kind: 'argv', file: 'symfony', args: ['serve'] } as const;
  return singleServer({ name: 'symfony serve', command, port: 8000 });
}

/** Serves `public/index.php` from the project's folder, so that it finds files as in production. */
function documentRootServer(folder: string, facts: FolderFacts): FoundServer | undefined {
  const project = folderOf(folder);
  if (
    facts.names(project).has('artisan') ||
    facts.names(project).has('symfony.lock') ||
    isPartOfSite(project, facts)
  )
    return undefined;
  return { ...phpServer(['-t', baseName(folder)]), directory: project };
}

/** Serves the topmost folder with an `index.php`: sites have one in many of their folders. */
function folderServer(folder: string, facts: FolderFacts): FoundServer | undefined {
  const names = facts.names(folder);
  const isEntrance = !names.has('artisan') && !facts.names(joinPath(folder, 'public')).has('index.php');
  return isEntrance && !isPartOfSite(folder, facts) ? phpServer([]) : undefined;
}

function isPartOfSite(folder: string, facts: FolderFacts): boolean {
  return ancestorFolders(folder)
    .slice(1)
    .some((above) =>
      ['index.php', 'artisan', 'composer.json', 'wp-config.php'].some((name) => facts.names(above).has(name)),
    );
}

function phpServer(args: readonly string[]): FoundServer {
  const command = { kind: 'argv', file: 'php', args: ['-S', 'localhost:8000', ...args] } as const;
  return { name: 'php', command, port: 8000 };
}
