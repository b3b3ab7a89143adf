// @ts-check

/** Options of all commands that run tests. */
export const testOptions = /** @satisfies {import('node:util').ParseArgsOptionsConfig} */ ({
  grep: { type: 'string', short: 'g' },
  bail: { type: 'boolean', short: 'b' },
});

/** Option of the commands that build the extension first. */
export const buildOption = /** @satisfies {import('node:util').ParseArgsOptionsConfig} */ ({
  'no-build': { type: 'boolean' },
});

/**
 * Converts the options of a command to those of mocha.
 * @param {{ grep?: string | undefined, bail?: boolean | undefined }} values
 * @returns {Mocha.MochaOptions}
 */
export function mochaOptions({ grep, bail = false }) {
  return grep === undefined ? { bail } : { bail, grep };
}
