// XPath for the rows of VS Code's lists. A tree draws its rows as siblings, with their depth in an attribute.

/** Depth of the tree: workspace folder, package, server. */
const deepest = 3;

/** Returns a condition for rows with exactly this label. */
export function labelled(label: string): string {
  return `.//*[contains(concat(" ", @class, " "), " label-name ")][normalize-space()=${quoted(label)}]`;
}

/**
 * Returns a condition for the row of a server by its name and the labels of the rows above it, the nearest one first. The
 * only server of a package has no row of the package above it, but the package's name as its label, or a name of its own.
 */
export function isServerRow(name: string, parents: readonly string[]): string {
  const [folder, ...others] = parents;
  const below = [labelled(name), ...childOf(parents)].join(' and ');
  if (folder === undefined) return below;
  const label = [folder, folder.split('/').at(-1) ?? folder].map((each) => labelled(each)).join(' or ');
  const alone = [`(${label})`, 'not(@aria-expanded)', ...childOf(others)].join(' and ');
  const named = `${labelled(name)} and @aria-level="1" and not(@aria-expanded)`;
  return `(${below}) or (${alone}) or (${named})`;
}

/** Returns a condition for rows below a row with the first label, which is below a row with the second, and so on. */
function childOf([parent, ...others]: readonly string[]): string[] {
  if (parent === undefined) return [];
  const cases = Array.from({ length: deepest - 1 }, (_, depth) => {
    // The parent is the nearest row above with a level that is lower by one.
    const above = `preceding-sibling::*[@aria-level="${depth + 1}"][1]`;
    const conditions = [labelled(parent), ...childOf(others)].join(' and ');
    return `(@aria-level="${depth + 2}" and ${above}[${conditions}])`;
  });
  return [`(${cases.join(' or ')})`];
}

/**
 * Quotes a text for XPath or CSS. XPath has no escapes, so the quotation mark that the text does not contain is used.
 */
export function quoted(text: string): string {
  return text.includes('"') ? `'${text}'` : `"${text}"`;
}
