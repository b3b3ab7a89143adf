// @ts-check

/** @typedef {{ line: number, text: string }} Comment `line` is where it begins, from 1; `text` is without its marks. */

const directives = /^(?:@ts-|eslint|oxlint|oxfmt|c8|v8|!)/;

/**
 * Finds the comments in TypeScript or JavaScript that oxfmt has formatted: blocks, and `//` alone or after code.
 * Consecutive `//` lines are one comment. Omits directives for tools.
 * @param {string} source
 * @returns {Comment[]}
 */
export function commentsIn(source) {
  /** @type {Comment[]} */
  const comments = [];
  /** @type {Comment | undefined} */
  let open;
  let isBlock = false;
  for (const [index, line] of source.split('\n').entries()) {
    const found = commentOnLine(line, isBlock);
    if (!isBlock && !found?.isLine) open = undefined;
    if (!found) continue;
    if (!open) {
      open = { line: index + 1, text: '' };
      comments.push(open);
    }
    open.text = `${open.text} ${found.text}`.trim();
    isBlock = found.isBlockOpen;
    if (!isBlock && !found.isLine) open = undefined;
  }
  return comments.filter(({ text }) => text !== '' && !directives.test(text));
}

/**
 * Returns the comment on a line of code; `undefined` if there is none. `isLine` means a `//` comment without code.
 * @param {string} line
 * @param {boolean} isInBlock
 */
function commentOnLine(line, isInBlock) {
  const start = isInBlock ? 0 : commentStart(line);
  if (start === undefined) return undefined;
  const marked = line.slice(start).trim();
  return {
    text: withoutMarks(marked),
    isLine: !isInBlock && marked.startsWith('//') && marked === line.trim(),
    isBlockOpen: (isInBlock || marked.startsWith('/*')) && !marked.includes('*/'),
  };
}

/**
 * Returns the index at which a comment begins in a line of code; `undefined` if none does. An open quotation mark before
 * the slashes means that they are part of a string.
 * @param {string} line
 */
function commentStart(line) {
  for (const match of line.matchAll(/(?:^|\s)(\/\/|\/\*)/g)) {
    const start = match.index + match[0].length - 2;
    const before = line.slice(0, start);
    const isInString = ["'", '"', '`'].some((mark) => before.split(mark).length % 2 === 0);
    if (!isInString) return start;
  }
  return undefined;
}

/** @param {string} text a line of a comment */
function withoutMarks(text) {
  return text
    .replace(/\*\/.*$/, '')
    .replace(/^(?:\/\*+|\*+|\/\/+)/, '')
    .trim();
}
