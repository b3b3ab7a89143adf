// @ts-check

/** @typedef {{ line: number, text: string }} Comment `line` is where it begins, from 1; `text` is without its marks. */

/**
 * Finds the comments of TypeScript or JavaScript as prettier formats it: blocks, and `//` after nothing or after code.
 * Consecutive `//` lines are one comment.
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
    const trimmed = line.trim();
    if (isBlock) {
      if (open) open.text = joined(open.text, trimmed.replace(/^\*+\/?/, '').replace(/\*\/$/, ''));
      isBlock = !trimmed.endsWith('*/');
      if (!isBlock) open = undefined;
      continue;
    }
    const start = commentStart(line);
    if (start === undefined) {
      open = undefined;
      continue;
    }
    const text = line.slice(start);
    if (text.startsWith('/*')) {
      const comment = {
        line: index + 1,
        text: joined('', text.replace(/^\/\*+/, '').replace(/\*\/.*$/, '')),
      };
      comments.push(comment);
      isBlock = !text.includes('*/');
      open = isBlock ? comment : undefined;
    } else if (open && trimmed.startsWith('//')) {
      open.text = joined(open.text, text.replace(/^\/+/, ''));
    } else {
      open = { line: index + 1, text: joined('', text.replace(/^\/+/, '')) };
      comments.push(open);
    }
  }
  return comments.filter(({ text }) => text !== '' && !/^(?:@ts-|eslint|oxlint|prettier|c8|v8|!)/.test(text));
}

/**
 * Where a comment begins in a line of code; `undefined` if none does. A quotation mark before it that is still open means
 * that the slashes are part of a string.
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

/**
 * @param {string} before
 * @param {string} more
 */
function joined(before, more) {
  return `${before} ${more.trim()}`.trim();
}
