import { shortened } from '../plainText.js';
import { visibleText, withoutInvisible } from './sanitize.js';
import type { AgentAnswer, Json, JsonObject } from './answer.js';

/** Longest text of an answer: more than a part of a log with its quotation. UTF-16 units. */
const maxTextLength = 80 * 1024;

/** Longest text in the data of an answer; longer than every id that a tool accepts. UTF-16 units. */
const maxValueLength = 2000;

/** Maximum size of a list in the data, as JSON; UTF-16 units. */
const maxListLength = 256 * 1024;

/**
 * Returns an answer of bounded size, regardless of the names, commands and output in the workspace. Its texts are
 * well-formed: some clients refuse an answer that contains half a surrogate pair. They have no invisible characters, in
 * which a model could read instructions that no user sees: these are removed from the main text, which quotes output,
 * and shown as codes in names and commands.
 */
export function boundedAnswer({ text, data, ...rest }: AgentAnswer): AgentAnswer {
  return {
    ...rest,
    text: shortened(withoutInvisible(wellFormed(text)), maxTextLength),
    data: boundedObject(data),
  };
}

/** Replaces halves of surrogate pairs. */
export function wellFormed(text: string): string {
  return text.replaceAll(/\p{Cs}/gu, '\ufffd');
}

/** Replaces unpaired surrogates in a value, which are the only ones that `JSON.stringify` escapes. */
export function wellFormedJson<Value>(value: Value): Value {
  const text = JSON.stringify(value).replaceAll(/\\(?:u[Dd][89A-Fa-f]..|.)/gu, (escape) =>
    escape.length > 2 ? '\ufffd' : escape,
  );
  return JSON.parse(text) as Value;
}

function boundedObject(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [visibleText(key), bounded(value)]));
}

function bounded(value: Json): Json {
  if (typeof value === 'string') {
    // Shorten before, since searching megabytes takes seconds, and after, since codes are longer than characters.
    const text = shortened(value, maxValueLength);
    return shortened(visibleText(text), maxValueLength);
  }
  if (isList(value)) return boundedList(value);
  return typeof value === 'object' && value !== null ? boundedObject(value) : value;
}

function boundedList(list: readonly Json[]): readonly Json[] {
  const kept: Json[] = [];
  let remaining = maxListLength;
  for (const each of list) {
    const value = bounded(each);
    remaining -= JSON.stringify(value).length;
    if (remaining < 0) break;
    kept.push(value);
  }
  return kept;
}

/** `Array.isArray` does not narrow readonly arrays. */
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
