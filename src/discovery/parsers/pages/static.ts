import type { FileParser, FolderFacts } from '../../files/fileParser.js';
import { noFindings, singleServer } from '../shared/findings.js';
import { folderOf, baseName, ancestorFolders } from '../../files/relativePath.js';

/** Files beside a page by which another tool serves or builds it. */
const projectFiles =
  /^(?:package\.json|deno\.jsonc?|manage\.py|artisan|composer\.json|index\.php|Cargo\.toml|go\.mod|Gemfile|Trunk\.toml|Dioxus\.toml|angular\.json|_config\.yml|hugo\.toml|mkdocs\.yml|conf\.py|pubspec\.yaml|pom\.xml|(?:build|settings)\.gradle(?:\.kts)?|mix\.exs|build\.sbt|hugo\.ya?ml|eleventy\.config\.[cm]?js|book\.toml|bunfig\.toml|(?:vite|astro|svelte|next|nuxt|webpack|rsbuild)\.config\.[cm]?[jt]s|.{1,99}\.(?:cs|fs|vb)proj)$/u;

/** Folders of build results, of third-party pages, and of pages that are not entry points. */
const foreignFolders: ReadonlySet<string> = new Set(
  [
    'node_modules vendor bower_components dist build out output target bin obj coverage htmlcov lcov-report',
    'test tests fixtures testdata __tests__ test-results playwright-report reports report javadoc apidocs doxygen',
    'templates template partials layouts views includes _site _build __pycache__ storybook-static site-packages',
  ].flatMap((line) => line.split(' ')),
);

/** Folders that belong to the project above them. */
const partFolders: ReadonlySet<string> = new Set(
  'public static src app www wwwroot webapp assets client web resources'.split(' '),
);

/** Folders that belong to the project above them with everything below. */
const assetFolders: ReadonlySet<string> = new Set(['public', 'static', 'wwwroot', 'assets', 'resources']);

/** Placeholders of template engines, without which the file is not a finished page. */
const placeholder = /\{\{|\{%|<%|%PUBLIC_URL%|%sveltekit\./u;
const script = /<script\b([^>]{0,300})>/giu;
/** Scripts that a bundler builds from source files. */
const sourceFile = /\bsrc=["'](?:[^"']{0,200}\.(?:tsx?|jsx|vue|svelte)["']|\/(?:src\/|@vite))/iu;

/** Characters searched: the head of a page shows how it is built. */
const searchedLength = 100_000;

/** Finds folders of pages that need nothing but a static file server. */
export const staticFiles: FileParser = {
  source: 'static',
  patterns: ['index.html'],
  parse({ path, text }, facts) {
    const folder = folderOf(path);
    const { staticServer } = facts;
    if (!staticServer || !isEntrance(folder, facts) || isUnfinished(text)) return noFindings;
    return singleServer({ name: 'static files', ...staticServer, port: 8080 });
  },
};

function isUnfinished(text: string): boolean {
  const beginning = text.slice(0, searchedLength);
  return (
    placeholder.test(beginning) ||
    [...beginning.matchAll(script)].some(([, attributes = '']) => sourceFile.test(attributes))
  );
}

function isEntrance(folder: string, facts: FolderFacts): boolean {
  const parts = folder.split('/');
  if (parts.some((part) => foreignFolders.has(part) || (part.startsWith('.') && part !== '.'))) return false;
  const above = ancestorFolders(folder).slice(1);
  const isProjectPart =
    (partFolders.has(baseName(folder)) || parts.some((part) => assetFolders.has(part))) &&
    above.some((ancestor) => isProject(ancestor, facts));
  // Sites have pages in many folders; the topmost is the entry point.
  return (
    !isProject(folder, facts) &&
    !isProjectPart &&
    !above.some((ancestor) => facts.names(ancestor).has('index.html'))
  );
}

function isProject(folder: string, facts: FolderFacts): boolean {
  return [...facts.names(folder)].some((name) => projectFiles.test(name));
}
