/**
 * What a command does: it certainly is a server, likely one (where nothing else is said of it), nothing is known, or it
 * certainly does other work, such as a build, a test or a watching compiler.
 */
export type Verdict = 'server' | 'likely' | 'unknown' | 'other';

const strength: readonly Verdict[] = ['other', 'unknown', 'likely', 'server'];

/**
 * One verdict on commands that run together or one after the other: a server among them makes the whole one. Where the
 * last of them does other work, the server may only be there for its sake: a test, for instance.
 */
export function combined(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) return 'unknown';
  const strongest = strength[Math.max(...verdicts.map((verdict) => strength.indexOf(verdict)))] ?? 'unknown';
  return strongest === 'server' && verdicts.at(-1) === 'other' ? 'likely' : strongest;
}
