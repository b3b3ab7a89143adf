// @ts-check

/**
 * Limit of one test, and of each wait in it, milliseconds. It stops tests that hang. It proves nothing about time, since
 * a test may be many times slower on a busy machine: `npm run bench` measures those claims.
 */
export const hangLimitMs = 300_000;
