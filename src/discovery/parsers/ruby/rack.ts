import type { FileParser, FolderFacts, FoundServer } from '../../files/fileParser.js';
import { ancestorFolders, baseName, folderOf, joinPath } from '../../files/relativePath.js';
import { noFindings, singleServer } from '../shared/findings.js';
import { sourceLines } from '../shared/sourceText.js';

/** Finds Rack applications, including Hanami, and executable files of Sinatra. */
export const rack: FileParser = {
  source: 'rack',
  patterns: ['config.ru', 'app.rb', 'main.rb', 'server.rb'],
  parse(file, facts) {
    const folder = folderOf(file.path);
    const code = sourceLines(file.text).filter((line) => !/^\s*#/u.test(line));
    return baseName(file.path) === 'config.ru'
      ? rackServer(folder, code, facts)
      : sinatraServer(file.path, code, facts);
  },
};

function rackServer(
  folder: string,
  code: readonly string[],
  facts: FolderFacts,
): ReturnType<FileParser['parse']> {
  const text = code.join('\n');
  const isPartOfGem = [...facts.names(folder)].some((name) => name.endsWith('.gemspec'));
  // Rails has its own parser.
  const isRails =
    /\bRails\b/u.test(text) || (/config\/environment\b/u.test(text) && !/\bHanami\b/u.test(text));
  if (isRails || !/^[ \t]*run\b/mu.test(text) || isPartOfGem) return noFindings;
  if (/\bHanami\b/u.test(text)) return singleServer(hanamiServer(folder, facts));
  return singleServer({ name: 'rackup', command: bundled(folder, 'rackup', [], facts), port: 9292 });
}

/** Returns the server of Hanami: `hanami dev`, which starts the processes of `Procfile.dev` if there is one. */
function hanamiServer(folder: string, facts: FolderFacts): FoundServer {
  const hasProcesses = facts.names(folder).has('Procfile.dev');
  const subcommand = hasProcesses ? 'dev' : 'server';
  return {
    name: `hanami ${subcommand}`,
    command: bundled(folder, 'hanami', [subcommand], facts),
    port: 2300,
    ...(hasProcesses && { traits: { runs: 'hanami server' } }),
  };
}

function sinatraServer(
  path: string,
  code: readonly string[],
  facts: FolderFacts,
): ReturnType<FileParser['parse']> {
  const folder = folderOf(path);
  const isClassic = code.some((line) => /^require ["']sinatra["']/u.test(line));
  const runsItself = code.some((line) => /\brun!/u.test(line));
  const isSinatra = isClassic || (runsItself && code.some((line) => /\bSinatra::Base\b/u.test(line)));
  if (!isSinatra || facts.names(folder).has('config.ru')) return noFindings;
  const name = baseName(path);
  return singleServer({ name, command: bundled(folder, 'ruby', [name], facts), port: 4567 });
}

/** Returns the command of a Ruby program. Bundler runs it if there is a `Gemfile`. */
export function bundled(
  folder: string,
  program: string,
  args: readonly string[],
  facts: FolderFacts,
): { readonly kind: 'argv'; readonly file: string; readonly args: readonly string[] } {
  const hasGemfile = ancestorFolders(folder).some((ancestor) => facts.names(ancestor).has('Gemfile'));
  return hasGemfile
    ? { kind: 'argv', file: 'bundle', args: ['exec', program, ...args] }
    : { kind: 'argv', file: program, args };
}

/** Returns the text of the `Gemfile` of a folder. */
export function gemfileOf(folder: string, facts: FolderFacts): string | undefined {
  return facts.text(joinPath(folder, 'Gemfile'));
}
