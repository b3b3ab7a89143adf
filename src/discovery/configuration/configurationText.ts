import { applyEdits, findNodeAtLocation, parseTree, type Edit, type Node } from 'jsonc-parser';
import { jsonErrorText } from '../files/jsonError.js';
import { parseJsonText, type JsonText } from './jsonText.js';
import { maxConfigurationDepth } from '../files/limits.js';
import type { SavedEntry } from './savedEntry.js';
import type { TextRange } from './textRange.js';
import { isObject } from '../files/isObject.js';
import type { Translator } from '../../core/common.js';

/** Indentation and line ends of a file. */
export interface TextFormat {
  readonly insertSpaces: boolean;
  readonly tabSize: number;
  readonly eol: string;
}

/** Edits that add an entry, and its range after them; or the reason why the file is not changed. */
export type EditedText =
  | { readonly edits: readonly Edit[]; readonly range: TextRange }
  | { readonly refusal: string };

/** Adds an entry and keeps everything else, comments included. Refuses a file that it cannot parse in full. */
export function insertEntry(
  text: string,
  entry: SavedEntry,
  format: TextFormat,
  l10n: Translator,
): EditedText {
  const isNew = text.trim() === '';
  const base = isNew ? '{}' : text;
  const refusal = insertionProblem(parseJsonText(base, maxConfigurationDepth), l10n);
  const root = refusal === undefined ? parseTree(base, [], { allowTrailingComma: true }) : undefined;
  if (!root) return { refusal: refusal ?? l10n.t('It is not a JSON object') };
  const list = findNodeAtLocation(root, ['servers']);
  const edit = list
    ? insertion(base, list, (unit) => JSON.stringify(entry, undefined, unit), format)
    : insertion(base, root, (unit) => `"servers": ${JSON.stringify([entry], undefined, unit)}`, format);
  const edits = isNew
    ? [{ offset: 0, length: text.length, content: applyEdits(base, [edit]) + format.eol }]
    : [edit];
  const range = entryRange(applyEdits(text, edits), String(entry['id']));
  return { edits, range: range ?? { offset: 0, length: 0 } };
}

/**
 * Returns the edit that adds a last element to an object or a list, on its own lines. The elements before it determine
 * the indentation.
 */
function insertion(
  text: string,
  { offset, children = [] }: Node,
  body: (unit: string) => string,
  format: TextFormat,
): Edit {
  const outer = indentAt(text, offset);
  const last = children.at(-1);
  const startsLine = last !== undefined && /(?:^|[\r\n])[ \t]*$/u.test(text.slice(0, last.offset));
  const indent = startsLine ? indentAt(text, last.offset) : outer + indentUnit(format);
  const unit = startsLine && indent.startsWith(outer) ? indent.slice(outer.length) : indentUnit(format);
  const lines = format.eol + indent + body(unit).replaceAll('\n', format.eol + indent);
  if (last) return { offset: last.offset + last.length, length: 0, content: `,${lines}` };
  const isClosedBehind = /^[ \t]*[\]}]/u.test(text.slice(offset + 1));
  return { offset: offset + 1, length: 0, content: isClosedBehind ? lines + format.eol + outer : lines };
}

function indentAt(text: string, offset: number): string {
  const line = text.slice(
    Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1,
  );
  return /^[ \t]*/u.exec(line)?.[0] ?? '';
}

function indentUnit({ insertSpaces, tabSize }: TextFormat): string {
  return insertSpaces ? ' '.repeat(tabSize) : '\t';
}

/** Returns the range of the whole entry with this id. */
export function entryRange(text: string, id: string): TextRange | undefined {
  const json = parseJsonText(text, maxConfigurationDepth);
  const servers = serversValue(json);
  const index = Array.isArray(servers)
    ? servers.findIndex((entry: unknown) => isObject(entry) && entry['id'] === id)
    : -1;
  return index === -1 ? undefined : json?.locate(['servers', index], { isWhole: true });
}

/** Returns the text of a new file. */
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

function insertionProblem(json: JsonText | undefined, l10n: Translator): string | undefined {
  const [error] = json?.errors ?? [];
  if (!json) return l10n.t('It is nested more than {0} levels deep', maxConfigurationDepth);
  if (error) return l10n.t('It is not valid JSON: {0}', jsonErrorText(error.code, l10n));
  if (!isObject(json.value)) return l10n.t('It is not a JSON object');
  const servers = serversValue(json);
  return servers === undefined || Array.isArray(servers)
    ? undefined
    : l10n.t('"{0}" is not a list', 'servers');
}

function serversValue(json: JsonText | undefined): unknown {
  return json && isObject(json.value) ? json.value['servers'] : undefined;
}
