import { applyEdits, modify, type Edit } from 'jsonc-parser';
import type { Translator } from '../core/ports.js';
import { readJson, type JsonText } from './jsonText.js';
import { maxConfigurationDepth } from './limits.js';
import type { SavedEntry } from './savedEntry.js';
import type { TextRange } from './textRange.js';

/** How a file is indented. */
export interface TextFormat {
  readonly insertSpaces: boolean;
  readonly tabSize: number;
  readonly eol: string;
}

/** A text with one more entry, which stands at `range`, by the changes that lead there; or why it is left alone. */
export type TextWithEntry =
  { readonly edits: readonly Edit[]; readonly range: TextRange } | { readonly refusal: string };

/** Adds an entry and keeps everything else, comments included. What is not understood in full is not touched. */
export function withEntry(
  text: string,
  entry: SavedEntry,
  format: TextFormat,
  l10n: Translator,
): TextWithEntry {
  const isNew = text.trim() === '';
  const json = readJson(isNew ? '{}' : text, maxConfigurationDepth);
  const refusal = refusalOf(json, l10n);
  if (refusal !== undefined) return { refusal };
  const hasList = Array.isArray(serversOf(json));
  const path = hasList ? ['servers', -1] : ['servers'];
  const edits = modify(isNew ? '{}' : text, path, hasList ? entry : [entry], {
    formattingOptions: format,
    isArrayInsertion: hasList,
  });
  const whole = isNew
    ? [{ offset: 0, length: text.length, content: applyEdits('{}', edits) + format.eol }]
    : edits;
  const range = entryRange(applyEdits(text, whole), String(entry['id']));
  return { edits: whole, range: range ?? { offset: 0, length: 0 } };
}

/** Where the whole entry with this id stands. */
export function entryRange(text: string, id: string): TextRange | undefined {
  const json = readJson(text, maxConfigurationDepth);
  const servers = serversOf(json);
  const index = Array.isArray(servers)
    ? servers.findIndex((entry: unknown) => isObject(entry) && entry['id'] === id)
    : -1;
  return index === -1 ? undefined : json?.locate(['servers', index], { isWhole: true });
}

/** What a new file says, until somebody writes something into it. */
export function exampleText(): string {
  return `{
  // Development servers for everybody who opens this folder. The editor completes and explains every property.
  "servers": [
    // {
    //   "id": "api",
    //   "command": "node",
    //   "args": ["server.js", "--port", "\${port}"],
    //   "cwd": "api",
    //   "port": 4000,
    //   "ready": { "http": "/health" }
    // },
    // {
    //   "id": "web",
    //   "script": "dev",
    //   "env": { "API_URL": "\${url:api}" },
    //   "openWhenReady": true
    // }
  ]
}
`;
}

function refusalOf(json: JsonText | undefined, l10n: Translator): string | undefined {
  const [error] = json?.errors ?? [];
  if (!json) return l10n.t('It is nested more than {0} levels deep', maxConfigurationDepth);
  if (error) return l10n.t('It is not valid JSON: {0}', error.name);
  if (!isObject(json.value)) return l10n.t('It is not a JSON object');
  const servers = serversOf(json);
  return servers === undefined || Array.isArray(servers)
    ? undefined
    : l10n.t('"{0}" is not a list', 'servers');
}

function serversOf(json: JsonText | undefined): unknown {
  return json && isObject(json.value) ? json.value['servers'] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
