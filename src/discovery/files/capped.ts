/** Returns the first `max` items, and a last one that stands for the rest and their number. */
export function capped<Item>(
  items: readonly Item[],
  max: number,
  rest: (excess: number) => Item,
): readonly Item[] {
  return items.length <= max ? items : [...items.slice(0, max), rest(items.length - max)];
}
