/** Names of secrets, also as parts of longer ones such as `AWS_SECRET_ACCESS_KEY`. */
const secretName =
  '(?:password|passwd|passphrase|secret|token|credential|authorization|cookie|(?:api|access|account|private|auth)[_-]?key)[\\w-]*';

/** Beginnings of tokens, as the scanners of public repositories know them. */
const tokenPrefixes = [
  'gh[oprsu]_|github_pat_|glpat-',
  'sk-|[sr]k_(?:live|test)_|shp(?:at|ca|pa|ss)_',
  'xox[abeoprs]-|lin_api_|sntrys_|SG\\.|eyJ',
  'A[KS]IA(?=[A-Z2-7]{16})|AIza|ya29\\.|do[opr]_v1_|dckr_pat_',
  // Names such as `npm_lifecycle_event` begin in the same way.
  'npm_(?=[A-Za-z\\d]{36})|hf_(?=[A-Za-z\\d]{30})|pypi-(?=[\\w-]{40})',
].join('|');

/** Secrets after their names, in URLs, by the prefixes of well-known tokens, and lines of a key. */
const credentials: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`(${secretName}["']?\\s*[=:]\\s*)\\S.*`, 'giu'), '$1[hidden]'],
  [new RegExp(`(--?${secretName}\\s+)[^\\s-]\\S*`, 'giu'), '$1[hidden]'],
  // A password may contain an @.
  [/(\w:\/\/[^\s/:@]*:)[^\s/]+@/gu, '$1[hidden]@'],
  [/(\w:\/\/)[^\s/:@]{16,}@/gu, '$1[hidden]@'],
  [/(\bBearer\s+)[\w.~+/=-]{16,}/giu, '$1[hidden]'],
  [new RegExp(`\\b(?:${tokenPrefixes})[\\w.-]{12,}`, 'gu'), '[hidden]'],
  [/^[\w+/]{40,}={0,2}$/gmu, '[hidden]'],
];

/** Replaces what looks like a credential in a text, line by line. */
export function hideCredentials(text: string): string {
  return credentials.reduce((hidden, [pattern, by]) => hidden.replaceAll(pattern, by), text);
}
