import { codeFence } from '../codeFence.js';
import { hideCredentials } from '../credentials.js';
import { escapeHidden, shortened } from '../plainText.js';

/** Longest text, in UTF-16 units. */
const maxLength = 1000;

/**
 * Part of a longer text that is searched for secrets, in UTF-16 units: the search takes quadratic time. So much longer
 * than what is shown that the value of a secret whose name is cut off is not shown either.
 */
const maxSearched = 8 * maxLength;

/** Text without marks of Markdown, links and names of users, which websites such as GitHub find without marks. */
const harmless = /^(?!.*(?::\/\/|www\.))[\p{L}\p{N}_ ,;:/.=+(){}'"%?-]*$/u;

const loopbackUrl = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:\/[\w/.-]*)?$/u;

/** Returns a text of the workspace for a report in Markdown: in one line, and as code if it could be Markdown. */
export function markdownText(text: string): string {
  const line = publicLine(text);
  return harmless.test(line) || loopbackUrl.test(line) ? line : quoted(line);
}

/** As `markdownText`, but always as code. */
export function markdownCode(text: string): string {
  return quoted(publicLine(text));
}

/** Returns a text as one bounded line that hides what looks like a secret, and shows what is invisible. */
function publicLine(text: string): string {
  const searched = shortened(text.replaceAll(/\s+/gu, ' '), maxSearched);
  return shortened(escapeHidden(hideCredentials(searched)), maxLength);
}

function quoted(line: string): string {
  const fence = codeFence(line);
  return line.includes('`') ? `${fence} ${line} ${fence}` : fence + line + fence;
}
