/** Names of secrets, also as parts of longer ones such as `AWS_SECRET_ACCESS_KEY`. */
const secretName =
  '(?:password|passwd|passphrase|secret|token|credential|authorization|(?:api|access|private|auth)[_-]?key)[\\w-]*';

/** Secrets after their names, in URLs, by the prefixes of well-known tokens, and lines of a key. */
const credentials: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`(${secretName}["']?\\s*[=:]\\s*)\\S.*`, 'giu'), '$1[hidden]'],
  [new RegExp(`(--?${secretName}\\s+)[^\\s-]\\S*`, 'giu'), '$1[hidden]'],
  [/(\w:\/\/[^\s/:@]*:)[^\s/@]+@/gu, '$1[hidden]@'],
  [/(\w:\/\/)[^\s/:@]{16,}@/gu, '$1[hidden]@'],
  [/\b(?:gh[opsu]_|github_pat_|glpat-|sk-|[sr]k_live_|xox[abp]-|AKIA|AIza|eyJ)[\w.-]{12,}/gu, '[hidden]'],
  [/^[\w+/]{40,}={0,2}$/gmu, '[hidden]'],
];

/** Replaces what looks like a credential in a text, line by line. */
export function hideCredentials(text: string): string {
  return credentials.reduce((hidden, [pattern, by]) => hidden.replaceAll(pattern, by), text);
}
