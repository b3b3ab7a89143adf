/** The rows below each row that has some, as a text to compare; those of the first level are below `undefined`. */
export type RowOrder<Row> = ReadonlyMap<Row | undefined, string>;

/** Returns the order of all rows. `idOf` returns what the editor recognises a row by. */
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
 * Returns the rows whose children are others now; `undefined` if those of the first level are, so that the whole tree has
 * to be refreshed. The editor forgets every row below one that it refreshes, so as few as possible are.
 */
export function reorderedParents<Row>(
  before: RowOrder<Row>,
  after: RowOrder<Row>,
): readonly Row[] | undefined {
  const reordered = [...after.keys()].filter((parent) => before.get(parent) !== after.get(parent));
  const parents = reordered.filter((parent) => parent !== undefined);
  return parents.length === reordered.length ? parents : undefined;
}
