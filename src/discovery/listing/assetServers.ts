import type { DiscoverySource } from '../../core/server/definition.js';
import type { FoundDefinition } from '../files/foundDefinition.js';

/** Frameworks whose pages use scripts and styles that a second server builds. */
const pageSources: ReadonlySet<string> = new Set<DiscoverySource>([
  'rails',
  'laravel',
  'php',
  'django',
  'phoenix',
]);

const assetTool =
  /\b(?:vite|webpack(?:-dev-server)?|rspack|rsbuild|parcel|encore|mix|livereload|browser-sync|gulp|esbuild)\b/u;
/** Commands of a backend that a script may start in addition to its assets. */
const backendTool = /artisan|manage\.py|runserver|\brails\b|bin\/dev|symfony|phx\.server|\bphp\s+-S/u;

/** Returns whether a server renders the pages of its project. */
export function rendersPages({ definition, purpose }: FoundDefinition): boolean {
  return purpose === 'development' && pageSources.has(definition.source);
}

/** Returns whether a script only serves scripts and styles for the pages of another server. */
export function servesAssets({ definition: { script } }: FoundDefinition): boolean {
  if (script === undefined) return false;
  const lines = [script.body, ...(script.others ?? []).map(([, line]) => line)].join('\n');
  return assetTool.test(script.body) && !backendTool.test(lines);
}
