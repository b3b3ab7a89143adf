import type { FileParser, Findings, FolderFacts, FoundServer } from '../../files/fileParser.js';
import { baseName, folderOf, joinPath } from '../../files/relativePath.js';
import { escapeRegExp } from '../../../core/escapeRegExp.js';
import { noFindings } from '../shared/findings.js';
import { guideLines } from '../shared/guideLines.js';
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
    return args === undefined
      ? []
      : (packageServer(one, [...args, ...documentedFile(one, args, module, facts)], module) ?? []);
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

/**
 * Returns the settings file that the guide of a module passes to the subcommand of a program: `shop.yaml` in `./bin/shop
 * serve shop.yaml`.
 */
function documentedFile(
  { path }: MainPackage,
  [command]: readonly string[],
  { folder, name }: GoModule,
  facts: FolderFacts,
): string[] {
  if (command === undefined) return [];
  const program = escapeRegExp((path === '' ? name : path).split('/').at(-1) ?? '');
  const call = new RegExp(
    String.raw`(?:^|[\s/\x60])${program} ${escapeRegExp(command)} ([\w./-]{1,200}\.(?:ya?ml|toml|json|conf|ini))(?=[\s\x60]|$)`,
    'u',
  );
  const files = guideLines(folder, facts).flatMap((line) => call.exec(line)?.[1] ?? []);
  const exists = (file: string): boolean => facts.names(folderOf(joinPath(folder, file))).has(baseName(file));
  return files.filter((file) => !file.includes('..') && exists(file.replace(/^\.\//u, ''))).slice(0, 1);
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
