import * as v from 'valibot';
import { portPlaceholder } from '../../core/tcpPorts/portArguments.js';
import { maxEntries } from '../files/limits.js';
import type { Translator } from '../../core/common.js';

/**
 * Returns the schemas that several properties of a configured server share. Messages are sentences without a full stop.
 */
export function entryFields(l10n: Translator) {
  // The operating system ends every argument, path and variable at a NUL character.
  const noNul = (key: string) =>
    v.check<string, string>(
      (value) => !value.includes('\0'),
      l10n.t('"{0}" must not contain a NUL character', key),
    );
  const text = (key: string) =>
    v.pipe(
      v.string(l10n.t('"{0}" must be a string', key)),
      v.trim(),
      v.nonEmpty(l10n.t('"{0}" must not be empty', key)),
      noNul(key),
    );
  const texts = (key: string) =>
    v.pipe(
      v.array(text(key), l10n.t('"{0}" must be a list of strings', key)),
      v.maxLength(maxEntries, l10n.t('"{0}" can have at most {1} entries', key, maxEntries)),
    );
  const environment = l10n.t('"env" must map variable names to strings');
  const port = l10n.t('"port" must be a whole number from 1 to 65535');
  const shell = l10n.t('"shell" must be true, false or the name of a shell');
  const envFile = l10n.t('"envFile" must be a path or a list of paths');
  const portArgument = l10n.t('"portArgument" must contain {port}');
  const url = l10n.t('"url" must start with http:// or https://');
  return {
    text,
    texts,
    url: v.pipe(text('url'), v.check(isWebAddress, url)),
    id: v.pipe(
      text('id'),
      v.regex(/^[^\p{Cc}\p{Cs}]*$/u, l10n.t('"{0}" must not contain control characters', 'id')),
    ),
    /** Arguments may be empty, unlike other texts. */
    args: v.array(
      v.pipe(v.string(l10n.t('"{0}" must be a list of strings', 'args')), noNul('args')),
      l10n.t('"{0}" must be a list of strings', 'args'),
    ),
    flag: (key: string) => v.boolean(l10n.t('"{0}" must be true or false', key)),
    choice: <const Values extends readonly string[]>(key: string, values: Values) =>
      v.picklist(values, l10n.t('"{0}" must be one of {1}', key, values.join(', '))),
    env: v.record(
      v.pipe(v.string(), v.regex(/^[^=\0]+$/u, environment)),
      v.pipe(v.string(environment), v.regex(/^[^\0]*$/u, environment)),
      environment,
    ),
    envFile: v.union([text('envFile'), texts('envFile')], envFile),
    port: v.pipe(v.number(port), v.integer(port), v.minValue(1, port), v.maxValue(65_535, port)),
    portArgument: v.pipe(
      text('portArgument'),
      v.check((value) => value.includes(portPlaceholder), portArgument),
    ),
    shell: v.union([v.boolean(), text('shell')], shell),
    seconds: (key: string, min: number, max: number) => {
      const message = l10n.t('"{0}" must be a number of seconds from {1} to {2}', key, min, max);
      return v.pipe(v.number(message), v.minValue(min, message), v.maxValue(max, message));
    },
  };
}

function isWebAddress(value: string): boolean {
  return /^https?:\/\//iu.test(value) && URL.canParse(value);
}
