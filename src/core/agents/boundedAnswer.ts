import { shortened } from '../plainText.js';
import type { AgentAnswer, Json, JsonObject } from './answer.js';

/** Longest text of an answer: more than a part of a log with its quotation. UTF-16 units. */
const maxTextLength = 80 * 1024;

/** Longest text in the data of an answer; longer than every id that a tool accepts. UTF-16 units. */
const maxValueLength = 2000;

/** Largest size of a list in the data, as JSON; UTF-16 units. */
const maxListLength = 256 * 1024;

/** Invisible characters, apart from those that words of some languages and emojis are written with. */
const invisible = /(?:(?!\ufe0e|\ufe0f|[\u061c\u200c-\u200f])[\p{Cf}\p{DI}])+/gu;

/**
 * Returns an answer of bounded size, whatever names, commands and output the workspace has. Its texts are well-formed:
 * half a surrogate pair makes some clients refuse the whole answer. The main one, which has the output, lacks what a user
 * cannot see in a terminal: a model reads instructions that are written in invisible characters.
 */
export function boundedAnswer({ text, data, ...rest }: AgentAnswer): AgentAnswer {
  return {
    ...rest,
    text: shortened(wellFormed(text).replaceAll(invisible, ''), maxTextLength),
    data: boundedObject(data),
  };
}

/** Replaces halves of surrogate pairs. */
export function wellFormed(text: string): string {
  return text.replaceAll(/\p{Cs}/gu, '\ufffd');
}

/** Returns a value as JSON with the halves of surrogate pairs replaced, which are the only ones that are escaped there. */
export function wellFormedJson<Value>(value: Value): Value {
  const text = JSON.stringify(value).replaceAll(/\\(?:u[Dd][89A-Fa-f]..|.)/gu, (escape) =>
    escape.length > 2 ? '\ufffd' : escape,
  );
  return JSON.parse(text) as Value;
}

function boundedObject(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [wellFormed(key), bounded(value)]));
}

function bounded(value: Json): Json {
  if (typeof value === 'string') return shortened(wellFormed(value), maxValueLength);
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
