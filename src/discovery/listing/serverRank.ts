import type { DiscoverySource, ServerDefinition } from '../../core/server/definition.js';
import type { Purpose, ServerTraits } from '../files/fileParser.js';
import { splitName } from '../scripts/nameWords.js';

/**
 * Sources by rank. Those in which a project documents how to start it come first, those that only show that it can be
 * started come last.
 */
const sourceRanks: readonly (readonly DiscoverySource[])[] = [
  ['scripts', 'deno'],
  ['taskRunners', 'nx'],
  ['rails', 'tasks'],
  ['procfile'],
  [
    'laravel',
    'php',
    'django',
    'flask',
    'fastapi',
    'streamlit',
    'rack',
    'go',
    'cargo',
    'java',
    'phoenix',
    'dotnet',
    'bun',
  ],
  ['guides'],
  ['compose'],
  ['docs'],
  ['launch'],
  ['static'],
];

const rankOfSource = new Map(
  sourceRanks.flatMap((sources, rank) => sources.map((source) => [source as string, rank] as const)),
);

/** Purposes in the order in which developers need their servers. */
const purposes: readonly Purpose[] = [
  'development',
  'documentation',
  'preview',
  'example',
  'otherSystem',
  'production',
  'test',
];

/** Usual words in names by rank, the name of the server for development first. */
const nameRanks: readonly ReadonlySet<string>[] = [
  'dev develop development',
  'start run',
  'serve server runserver',
].map((list) => new Set(list.split(' ')));

/** Returns the rank of a source. A description that is written for people comes first. */
export function sourceRank({ source, name }: ServerDefinition): number {
  if (startsContainers({ source, name })) return rankOfSource.get('compose') ?? sourceRanks.length;
  // Without a start script of the project, Rails is one of the frameworks.
  const ranked = source === 'rails' && !name.startsWith('bin/') ? 'rack' : source;
  return rankOfSource.get(ranked) ?? sourceRanks.length;
}

/** Returns whether a guide names a Compose project, with files that Docker does not read by default. */
export function startsContainers({ source, name }: Pick<ServerDefinition, 'source' | 'name'>): boolean {
  return source === 'guides' && name.startsWith('docker compose ');
}

/** Returns numbers that order the servers of a package, the most important one first. */
export function serverRank(
  definition: ServerDefinition,
  purpose: Purpose,
  { partOf, variant }: ServerTraits,
): readonly number[] {
  // `dev-server` counts as `server`: it is no more important than others.
  const words = splitName(definition.name.replace(/\bdev-?server\b/u, 'server'));
  const rank = nameRanks.findIndex((names) => words.some((word) => names.has(word)));
  return [
    purposes.indexOf(purpose),
    sourceRank(definition),
    Number(partOf !== undefined),
    Number(variant !== undefined || startsContainers(definition)),
    Number(runsBuild(definition)),
    rank === -1 ? nameRanks.length : rank,
    // `dev` before `dev:api`
    words.length === 1 ? 0 : 1,
  ];
}

/** Lines that run a built program, or a program in a usual build folder. */
const runOfBuild =
  /^(?:[A-Z]\w{0,99}=\S{0,99} |cross-env |npx |pnpx |bunx )*(?:node|bun|srvx|deno serve)(?: [^&|; ]{1,99}){0,9} (?:\.\/)?(?:dist|build|out|\.output|_fresh)\/[^&|;]*$/u;

/** Returns whether a script only runs what another one has built, or runs the program in production mode. */
export function runsBuild({ script }: ServerDefinition): boolean {
  const body = script?.body ?? '';
  return runOfBuild.test(body) || /^(?:cross-env )?NODE_ENV=production /u.test(body);
}

export function compareRanks(one: readonly number[], other: readonly number[]): number {
  const index = one.findIndex((value, position) => value !== other[position]);
  return index === -1 ? 0 : (one[index] ?? 0) - (other[index] ?? 0);
}
