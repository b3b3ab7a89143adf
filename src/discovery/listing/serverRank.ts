import type { DiscoverySource, ServerDefinition } from '../../core/server/definition.js';
import type { Purpose, ServerTraits } from '../files/fileParser.js';
import { splitName } from '../scripts/nameWords.js';

/** Sources from the ones in which a project documents how it is started to those that only show that it can be. */
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

/** Purposes from the first that a developer starts to the last. */
const purposes: readonly Purpose[] = [
  'development',
  'documentation',
  'preview',
  'example',
  'otherSystem',
  'production',
  'test',
];

/** Words of names by custom, the name of the server that is meant for development first. */
const nameRanks: readonly ReadonlySet<string>[] = [
  'dev develop development',
  'start run',
  'serve server runserver',
].map((list) => new Set(list.split(' ')));

/** Returns the rank of a source: the description of a server that is written for people comes first. */
export function sourceRank({ source, name }: ServerDefinition): number {
  // Without the script that a project has for it, Rails is one of the frameworks.
  const ranked = source === 'rails' && !name.startsWith('bin/') ? 'rack' : source;
  return rankOfSource.get(ranked) ?? sourceRanks.length;
}

/** Returns numbers by which the servers of a package are ordered, the more important ones first. */
export function serverRank(
  definition: ServerDefinition,
  purpose: Purpose,
  { partOf, variant }: ServerTraits,
): readonly number[] {
  // A `dev-server` is a server like others.
  const words = splitName(definition.name.replace(/\bdev-?server\b/u, 'server'));
  const rank = nameRanks.findIndex((names) => words.some((word) => names.has(word)));
  return [
    purposes.indexOf(purpose),
    sourceRank(definition),
    Number(partOf !== undefined),
    Number(variant !== undefined),
    Number(runsBuild(definition)),
    rank === -1 ? nameRanks.length : rank,
    // `dev` before `dev:api`
    words.length === 1 ? 0 : 1,
  ];
}

/** Programs that run what is built, and the folders in which builds are. */
const runOfBuild =
  /^(?:[A-Z]\w{0,99}=\S{0,99} |cross-env |npx |pnpx |bunx )*(?:node|bun|srvx|deno serve)(?: [^&|; ]{1,99}){0,9} (?:\.\/)?(?:dist|build|out|\.output|_fresh)\/[^&|;]*$/u;

/** Returns whether a script only runs what another one has built, or runs the program as in production. */
export function runsBuild({ script }: ServerDefinition): boolean {
  const body = script?.body ?? '';
  return runOfBuild.test(body) || /^(?:cross-env )?NODE_ENV=production /u.test(body);
}

export function compareRanks(one: readonly number[], other: readonly number[]): number {
  const index = one.findIndex((value, position) => value !== other[position]);
  return index === -1 ? 0 : (one[index] ?? 0) - (other[index] ?? 0);
}
