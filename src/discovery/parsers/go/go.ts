import type { FileParser, Findings, FolderFacts, FoundServer } from '../../files/fileParser.js';
import { baseName, folderOf, joinPath } from '../../files/relativePath.js';
import { noFindings } from '../shared/findings.js';
import { mainPackages, servingArguments, type MainPackage } from './mainPackages.js';
import { goModule, type GoModule } from './goModule.js';

/**
 * Finds the main packages of Go modules that listen, according to the packages of the module that they import, and the
 * settings of air. Source files are watched, and are read with their module.
 */
export const go: FileParser = {
  source: 'go',
  patterns: ['go.mod', '.air.toml', 'main.go', 'server.go'],
  parse({ path, text }, facts) {
    const folder = folderOf(path);
    if (baseName(path) === '.air.toml') return airServer(folder);
    return baseName(path) === 'go.mod' ? moduleServers(goModule(folder, text), facts) : noFindings;
  },
};

/** Returns the server that air rebuilds and restarts when a file changes. */
function airServer(directory: string): Findings {
  return {
    servers: [
      { name: 'air', command: { kind: 'argv', file: 'air', args: [] }, directory, traits: { runs: 'air' } },
    ],
    problems: [],
  };
}

function moduleServers(module: GoModule, facts: FolderFacts): Findings {
  const packages = mainPackages(module, facts);
  const servers = packages.flatMap((one) => {
    const args = servingArguments(one, module, packages, facts);
    return args === undefined ? [] : (packageServer(one, args, module) ?? []);
  });
  // air runs one program, and its file does not name it.
  const hasAir = servers.length === 1 && facts.names(module.folder).has('.air.toml');
  const added = {
    ...(hasAir && { runs: 'air' }),
    // The only example of a library is the program for its development.
    ...(servers.length === 1 &&
      /^examples?\//u.test(packages[0]?.path ?? '') && { purpose: 'development' as const }),
  };
  return {
    servers: servers.map((server) => Object.assign(server, { traits: { ...server.traits, ...added } })),
    problems: [],
  };
}

function packageServer(
  { path, file }: MainPackage,
  args: readonly string[],
  { folder }: GoModule,
): FoundServer | undefined {
  // A name after `./` is never read as an option.
  const target = path === '' ? '.' : `./${path}`;
  // Go interprets these as patterns and versions.
  if (/[\p{Cc}@]|\.{3}/u.test(target)) return undefined;
  return {
    name: path === '' ? baseName(folder) || 'go run' : path,
    command: { kind: 'argv', file: 'go', args: ['run', target, ...args] },
    directory: folder,
    // Without its subcommand, it is the same program.
    ...(args.length > 0 && { traits: { runs: `go run ${target}` } }),
    file: joinPath(joinPath(folder, path).replace(/\/$/u, ''), file),
  };
}
