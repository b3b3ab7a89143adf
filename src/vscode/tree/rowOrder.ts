/** The rows below each row that has children, as a text to compare; the key of the top-level rows is `undefined`. */
export type RowOrder<Row> = ReadonlyMap<Row | undefined, string>;

/** Returns the order of all rows. `idOf` returns the id by which the editor recognizes a row. */
export function rowOrder<Row>(
  childrenOf: (parent?: Row) => readonly Row[],
  idOf: (row: Row) => string,
): RowOrder<Row> {
  const order = new Map<Row | undefined, string>();
  const add = (parent?: Row): void => {
    const children = childrenOf(parent);
    if (parent && children.length === 0) return;
    order.set(parent, children.map((child) => idOf(child)).join('\n'));
    for (const child of children) add(child);
  };
  add();
  return order;
}

/**
 * Returns the rows whose children have changed; `undefined` if the top-level rows have changed, so that the whole tree
 * must be refreshed. The editor forgets every row below one that it refreshes, so the result has as few rows as
 * possible.
 */
export function reorderedParents<Row>(
  before: RowOrder<Row>,
  after: RowOrder<Row>,
): readonly Row[] | undefined {
  const reordered = [...after.keys()].filter((parent) => before.get(parent) !== after.get(parent));
  const parents = reordered.filter((parent) => parent !== undefined);
  return parents.length === reordered.length ? parents : undefined;
}
