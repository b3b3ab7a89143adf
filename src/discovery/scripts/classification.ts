/**
 * Effect of a command: certainly a server, a likely server (unless something contradicts), unknown, or certainly other
 * work, such as a build, a test or a watching compiler.
 */
export type Classification = 'server' | 'likely' | 'unknown' | 'other';

const strength: readonly Classification[] = ['other', 'unknown', 'likely', 'server'];

/** Returns the classification of a command that may not run, as in a branch. */
export function weakened(classification: Classification): Classification {
  if (classification === 'server') return 'likely';
  return classification === 'likely' ? 'unknown' : classification;
}

/**
 * Combines the classifications of commands that run in parallel or in sequence: one server is enough. If the last
 * command does other work, the server may run only for that, e.g. for a test.
 */
export function combineClassifications(classifications: readonly Classification[]): Classification {
  if (classifications.length === 0) return 'unknown';
  const found = strength[Math.max(...classifications.map((each) => strength.indexOf(each)))] ?? 'unknown';
  return found === 'server' && classifications.at(-1) === 'other' ? 'likely' : found;
}
