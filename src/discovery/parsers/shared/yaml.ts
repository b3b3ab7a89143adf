import { DEFAULT_SCHEMA, load, Type } from 'js-yaml';
import type { Translator } from '../../../core/common.js';
import type { ReadResult } from './json.js';

/** Maximum length. Hand-written files are far smaller, and parsing takes time. */
const maxLength = 64 * 1024;

/** Accepts the tags of tools, such as `!reset` of Docker, and uses their values as they are. */
const schema = DEFAULT_SCHEMA.extend(
  (['scalar', 'sequence', 'mapping'] as const).map(
    (kind) => new Type('!', { kind, multi: true, construct: (data: unknown) => data }),
  ),
);

/** Parses YAML. Never throws; the library stops at the first error, and at 100 levels. */
export function parseYamlFile(text: string, l10n: Translator): ReadResult {
  if (text.length > maxLength) return { problem: l10n.t('It is larger than 64 KiB.') };
  try {
    return { value: load(text, { schema }) };
  } catch (error) {
    const detail = error instanceof Error ? firstLine(error.message) : String(error);
    return { problem: l10n.t('It is not valid YAML: {0}', detail) };
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.replace(/:$/u, '') ?? '';
}
