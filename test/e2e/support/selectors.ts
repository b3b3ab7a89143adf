// XPath for the rows of VS Code's lists. A tree draws its rows as siblings, with their depth in an attribute.

/** Workspace folder, package, server. */
const deepest = 3;

/** True for a row whose label is exactly this. */
export function labelled(label: string): string {
  return `.//*[contains(concat(" ", @class, " "), " label-name ")][normalize-space()=${quoted(label)}]`;
}

/** True for a row below the row with the first label, which is below the row with the second, and so on. */
export function isChildOf([parent, ...others]: readonly string[]): string {
  if (parent === undefined) return '';
  const cases = Array.from({ length: deepest - 1 }, (_, depth) => {
    // The parent is the nearest row above that is one level up.
    const above = `preceding-sibling::*[@aria-level="${depth + 1}"][1]`;
    return `(@aria-level="${depth + 2}" and ${above}[${labelled(parent)}]${isChildOf(others)})`;
  });
  return `[${cases.join(' or ')}]`;
}

/** A text as a literal of XPath or CSS. XPath knows no escapes, so the quote that is not in the text is used. */
export function quoted(text: string): string {
  return text.includes('"') ? `'${text}'` : `"${text}"`;
}
