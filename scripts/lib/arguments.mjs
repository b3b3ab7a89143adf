// @ts-check
import { parseArgs } from 'node:util';
import { UsageError, messageOf } from './cleanup.mjs';

/**
 * Parses the command line. With `--help`, prints the help and exits. Throws `UsageError` if the arguments are invalid.
 * @template {import('node:util').ParseArgsOptionsConfig} T
 * @param {T} options
 * @param {string} help
 * @param {boolean} [allowPositionals]
 */
export function readArguments(options, help, allowPositionals = false) {
  const parsed = parse(
    { ...options, help: { type: /** @type {const} */ ('boolean') } },
    help,
    allowPositionals,
  );
  if ('help' in parsed.values && parsed.values['help'] === true) {
    console.log(help);
    process.exit(0);
  }
  return parsed;
}

/**
 * @template {import('node:util').ParseArgsOptionsConfig} T
 * @param {T} options
 * @param {string} help
 * @param {boolean} allowPositionals
 */
function parse(options, help, allowPositionals) {
  try {
    return parseArgs({ options, allowPositionals, strict: true });
  } catch (error) {
    throw new UsageError(`${messageOf(error)}\n\n${help}`);
  }
}
