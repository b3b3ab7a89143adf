// @ts-check

const limitMs = 10_000;

/** After the tests nothing may keep this process alive: says what does, instead of waiting for ever. */
export function endWithoutLeftovers() {
  setTimeout(() => {
    console.error(`The tests left something open: ${process.getActiveResourcesInfo().join(', ')}`);
    process.exit(1);
  }, limitMs).unref();
}
