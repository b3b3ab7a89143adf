// @ts-check

/**
 * Limit of one test, and of each wait in it, milliseconds. It ends what hangs. A busy machine may make a test many times
 * slower, so nothing is said by it about time: those claims are measured by `npm run bench`.
 */
export const hangLimitMs = 300_000;
