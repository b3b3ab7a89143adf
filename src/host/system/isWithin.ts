/** Resolves with whether the promise is settled within this time. */
export async function isWithin(promise: Promise<unknown>, maxMs: number): Promise<boolean> {
  let timeout: NodeJS.Timeout | undefined;
  const isLate = new Promise<boolean>((resolve) => {
    // An abort signal would create an error with a stack for each file that is read.
    timeout = setTimeout(resolve, maxMs, false);
  });
  try {
    return await Promise.race([promise.then(() => true), isLate]);
  } finally {
    clearTimeout(timeout);
  }
}
