import type { ServerDefinition } from '../core/server/definition.js';

/** As in `folderSearch`, which is loaded when it is needed. */
export async function missingIn(definition: ServerDefinition): Promise<readonly string[]> {
  const { missingSentences } = await import('../folderSearch/missingFiles.js');
  return missingSentences(definition);
}

/** As in `folderSearch`, which is loaded when it is needed. */
export async function lacksPackages(definition: ServerDefinition): Promise<boolean> {
  const missing = await import('../folderSearch/missingFiles.js');
  return missing.lacksPackages(definition);
}
