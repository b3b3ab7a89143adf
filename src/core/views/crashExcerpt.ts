/** Lines that package managers write about every script that fails, and their echo of its name and command. */
const packageManagerLine =
  /^\s*(?:npm (?:error|ERR!|warn|notice)|.?ELIFECYCLE|error Command failed|info Visit |error: script |\$ |> (?!.*error))/iu;

/** Lines of a stack trace, what Node prints after it, and lines without a word. */
const detailLine =
  /^(?:[\W_]*$|\s*(?:at\s|\^|~|Node\.js v|node:internal|Require stack:|- (?:\/|[A-Z]:\\)|code: '|requireStack: ))/u;

/** Maximum number of lines of a notification. */
const maxLines = 2;

/** Longest excerpt, in UTF-16 units; a notification is a few lines high. */
const maxLength = 200;

/**
 * Returns the lines of output that best explain a crash: from the last line that names an error, or else the last
 * lines. Empty without output.
 */
export function crashExcerpt(tail: readonly string[]): string {
  const telling = tail
    .map((line) => line.trim())
    .filter((line) => line !== '' && !packageManagerLine.test(line) && !detailLine.test(line));
  const error = telling.findLastIndex((line) => /\b\w*(?:error|exception|panic)\b|EADDRINUSE/iu.test(line));
  const lines = error === -1 ? telling.slice(-maxLines) : telling.slice(error, error + maxLines);
  const text = lines.join(' ');
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
}
