import type { FileParser, Findings, FolderFacts, FoundFile, FoundServer } from '../../files/fileParser.js';
import { ancestorFolders, folderOf, joinPath } from '../../files/relativePath.js';
import { pythonTool } from '../python/python.js';
import { bundled, gemfileOf } from '../ruby/rack.js';
import { noFindings, singleServer } from '../shared/findings.js';
import { sourceLines } from '../shared/sourceText.js';
import { eleventyServer } from './eleventy.js';
import { sphinxServer } from './sphinx.js';

/** A site generator, by the file that configures it. */
interface SiteGenerator {
  readonly files: readonly string[];
  /** Returns its server; `undefined` for a file of another tool with the same name. */
  readonly server: (file: FoundFile, facts: FolderFacts) => FoundServer | undefined;
}

const generators: readonly SiteGenerator[] = [
  {
    files: [
      'hugo.toml',
      'hugo.yaml',
      'hugo.yml',
      'hugo.json',
      'config/_default/hugo.toml',
      'config/_default/hugo.yaml',
    ],
    server: hugoServer,
  },
  {
    files: ['config.toml', 'config.yaml', 'config/_default/config.toml', 'config/_default/config.yaml'],
    server: oldHugoOrZola,
  },
  {
    files: ['zola.toml'],
    server: ({ text }) =>
      /^base_url[ \t]*=/mu.test(text) ? site('zola serve', 'zola', ['serve'], 1111) : undefined,
  },
  {
    files: ['book.toml'],
    server: ({ text }) =>
      /^\[book\]/mu.test(text) ? site('mdbook serve', 'mdbook', ['serve'], 3000) : undefined,
  },
  {
    files: ['mkdocs.yml', 'mkdocs.yaml'],
    server: (file, facts) => pythonSite(requiresZensical(file, facts) ? 'zensical' : 'mkdocs')(file, facts),
  },
  { files: ['zensical.toml'], server: pythonSite('zensical') },
  { files: ['conf.py'], server: sphinxServer },
  { files: ['_config.yml', '_config.yaml'], server: jekyllServer },
  { files: ['config.rb'], server: middlemanServer },
  {
    files: ['docs.json', 'mint.json'],
    server: ({ text }) =>
      /"\$schema"\s*:\s*"https:\/\/mintlify\.com\//u.test(text)
        ? site('mint dev', 'mint', ['dev'], 3000)
        : undefined,
  },
  {
    files: [
      '.eleventy.js',
      'eleventy.config.js',
      'eleventy.config.mjs',
      'eleventy.config.cjs',
      'eleventy.config.ts',
    ],
    server: eleventyServer,
  },
];

/** Finds sites that a generator builds and serves. */
export const documentationSites: FileParser = {
  source: 'docs',
  patterns: generators.flatMap(({ files }) => files),
  parse(file, facts): Findings {
    const generator = generators.find(({ files }) =>
      files.some((name) => file.path === name || file.path.endsWith(`/${name}`)),
    );
    const server = generator?.server(file, facts);
    return server ? singleServer(server) : noFindings;
  },
};

function site(name: string, file: string, args: readonly string[], port: number): FoundServer {
  return { name, command: { kind: 'argv', file, args }, port };
}

function pythonSite(tool: string): SiteGenerator['server'] {
  return ({ path }, facts) => ({
    name: `${tool} serve`,
    command: pythonTool(folderOf(path), tool, ['serve'], facts),
    port: 8000,
  });
}

/** Returns whether a project installs Zensical, which reads the settings of MkDocs. */
function requiresZensical({ path }: FoundFile, facts: FolderFacts): boolean {
  const folders = ancestorFolders(folderOf(path)).flatMap((folder) =>
    ['', 'docs', 'requirements'].map((name) => (name === '' ? folder : joinPath(folder, name))),
  );
  const files = folders.flatMap((folder) =>
    [...facts.names(folder)].filter(isRequirementsFile).map((name) => joinPath(folder, name)),
  );
  // Request all of them, so that they are read at once.
  const tools = files.map((file) => siteTools(facts.text(file) ?? ''));
  return tools.find((names) => names.size > 0)?.has('zensical') === true;
}

/** Returns the tools named by a requirements file that read the settings of MkDocs. */
function siteTools(text: string): ReadonlySet<string> {
  const lines = sourceLines(text).filter((line) => !line.trimStart().startsWith('#'));
  const name = /(?<![\w.-])(?:zensical|mkdocs)(?![\w.])(?!-(?!material\b))/gu;
  return new Set(lines.flatMap((line) => line.match(name) ?? []));
}

function isRequirementsFile(name: string): boolean {
  return /^pyproject\.toml$|requirements.*\.(?:txt|in)$|^docs?\.txt$/u.test(name);
}

/** Settings that a Hugo site has. */
const hugoSetting =
  /^[ \t]*(?:\[{0,2}|["']?)(?:baseurl|title|theme|languagecode|defaultcontentlanguage|languages|module|params|markup|menus?|outputs|taxonomies|permalinks)\b/imu;

/**
 * Returns the server of a Hugo site. An environment only changes the settings of a site, and a theme is only a part of
 * one.
 */
function hugoServer({ path, text }: FoundFile): FoundServer | undefined {
  const environment = /(?:^|\/)config\/([^/]+)\/[^/]+$/u.exec(path)?.[1];
  const isPart = (environment ?? '_default') !== '_default' || isInTheme(path);
  if (isPart || !hugoSetting.test(text)) return undefined;
  return { ...site('hugo server', 'hugo', ['server'], 1313), directory: siteFolder(path) };
}

function isInTheme(path: string): boolean {
  return /(?:^|\/)themes\/(?:[^/]+\/)?[^/]+$/u.test(path);
}

/** Returns the folder of a site. Its settings may be in a subfolder. */
function siteFolder(path: string): string {
  return folderOf(path).replace(/(?:^|\/)config\/_default$/u, '');
}

/**
 * Returns the server of a `config.toml`. Hugo once used this name as well; Zola requires a base address, under another
 * key.
 */
function oldHugoOrZola({ path, text }: FoundFile, facts: FolderFacts): FoundServer | undefined {
  if (isInTheme(path)) return undefined;
  const folder = siteFolder(path);
  const names = facts.names(folder);
  if (/^base_url[ \t]*=/mu.test(text) && names.has('content'))
    return site('zola serve', 'zola', ['serve'], 1111);
  const isHugo =
    /^[ \t]*["']?baseurl["']?[ \t]*[=:]/imu.test(text) &&
    ['content', 'archetypes', 'themes', 'layouts'].some((name) => names.has(name));
  return isHugo ? { ...site('hugo server', 'hugo', ['server'], 1313), directory: folder } : undefined;
}

/**
 * Returns the server of a Jekyll site. It must have the gem or the folders of Jekyll: other tools use the same file
 * name, and GitHub builds pages from that file alone.
 */
function jekyllServer({ path }: FoundFile, facts: FolderFacts): FoundServer | undefined {
  const folder = folderOf(path);
  const gemfile = gemfileOf(folder, facts);
  const names = facts.names(folder);
  const hasGem = gemfile !== undefined && /["'](?:jekyll|github-pages|just-the-docs|minima)/u.test(gemfile);
  const usesGemspec = gemfile !== undefined && /^[ \t]*gemspec/mu.test(gemfile) && names.has('_layouts');
  if (!hasGem && !usesGemspec && !names.has('_posts')) return undefined;
  return { name: 'jekyll serve', command: bundled(folder, 'jekyll', ['serve'], facts), port: 4000 };
}

/** Returns the server of a Middleman site; Compass also has a file of this name. */
function middlemanServer({ path }: FoundFile, facts: FolderFacts): FoundServer | undefined {
  const folder = folderOf(path);
  const usesMiddleman = /^[ \t]*gem\s+["']middleman["']/mu.test(gemfileOf(folder, facts) ?? '');
  return usesMiddleman
    ? { name: 'middleman server', command: bundled(folder, 'middleman', ['server'], facts), port: 4567 }
    : undefined;
}
