/** Waits until the scenario is released. */
export type Gate = () => Promise<void>;

/** A scenario with more orders is too large to run in all of them. */
const maxOrders = 2000;

const settled = () => new Promise((resolve) => setImmediate(resolve));

/**
 * Runs a scenario once for every order in which the waiters at its gate can be released, one at a time. Returns the
 * result of each run. The scenario may only wait at the gate.
 */
export async function everyOrder<T>(scenario: (gate: Gate) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let choices: number[] | undefined = [];
  while (choices) {
    if (results.length === maxOrders) throw new Error(`There are more than ${maxOrders} orders.`);
    const waiting: (() => void)[] = [];
    const taken: { readonly choice: number; readonly of: number }[] = [];
    const result = scenario(() => new Promise((resolve) => waiting.push(resolve)));
    await settled();
    while (waiting.length > 0) {
      const choice: number = choices[taken.length] ?? 0;
      taken.push({ choice, of: waiting.length });
      for (const release of waiting.splice(choice, 1)) release();
      await settled();
    }
    results.push(await result);
    choices = nextChoices(taken);
  }
  return results;
}

/** Returns the choices of the next order: the last one that has an alternative takes it. */
function nextChoices(
  taken: readonly { readonly choice: number; readonly of: number }[],
): number[] | undefined {
  const last = taken.findLastIndex(({ choice, of }) => choice + 1 < of);
  if (last === -1) return undefined;
  return taken.slice(0, last + 1).map(({ choice }, at) => (at === last ? choice + 1 : choice));
}
