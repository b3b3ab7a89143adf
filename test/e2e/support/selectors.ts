// XPath for the rows of VS Code's lists. A tree draws its rows as siblings, with their depth in an attribute.

/** Depth of the tree: workspace folder, package, server. */
const deepest = 3;

/** Returns a condition for rows with exactly this label. */
export function labelled(label: string): string {
  return `.//*[contains(concat(" ", @class, " "), " label-name ")][normalize-space()=${quoted(label)}]`;
}

/** Returns a condition for rows below a row with the first label, which is below a row with the second, and so on. */
export function isChildOf([parent, ...others]: readonly string[]): string {
  if (parent === undefined) return '';
  const cases = Array.from({ length: deepest - 1 }, (_, depth) => {
    // The parent is the nearest row above with a level that is lower by one.
    const above = `preceding-sibling::*[@aria-level="${depth + 1}"][1]`;
    return `(@aria-level="${depth + 2}" and ${above}[${labelled(parent)}]${isChildOf(others)})`;
  });
  return `[${cases.join(' or ')}]`;
}

/**
 * Quotes a text for XPath or CSS. XPath has no escapes, so the quotation mark that the text does not contain is used.
 */
export function quoted(text: string): string {
  return text.includes('"') ? `'${text}'` : `"${text}"`;
}
