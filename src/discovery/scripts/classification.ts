/**
 * What a command does: it certainly is a server, likely one (where nothing else is said of it), nothing is known, or it
 * certainly does other work, such as a build, a test or a watching compiler.
 */
export type Classification = 'server' | 'likely' | 'unknown' | 'other';

const strength: readonly Classification[] = ['other', 'unknown', 'likely', 'server'];

/**
 * One verdict on commands that run together or one after the other: a server among them makes the whole one. Where the
 * last of them does other work, the server may only be there for its sake: a test, for instance.
 */
export function combineClassifications(classifications: readonly Classification[]): Classification {
  if (classifications.length === 0) return 'unknown';
  const found = strength[Math.max(...classifications.map((each) => strength.indexOf(each)))] ?? 'unknown';
  return found === 'server' && classifications.at(-1) === 'other' ? 'likely' : found;
}
