// @ts-check

const limitMs = 10_000;

/** Ends this process with an error, and reports why, if anything still keeps it alive some time after the tests. */
export function failOnOpenHandles() {
  setTimeout(() => {
    console.error(`The tests left something open: ${process.getActiveResourcesInfo().join(', ')}`);
    process.exit(1);
  }, limitMs).unref();
}
