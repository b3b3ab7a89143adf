import * as v from 'valibot';
import type { Template, Text } from '../../core/text.js';
import type { ServerCommand } from '../../core/server/definition.js';
import { stopSignals, type StopPlan } from '../../core/server/overrides.js';
import type { ProcessIdentity } from '../../core/server/state.js';

/**
 * Entries of an object schema for every property of `Type`, the optional ones included. With `satisfies`, the compiler
 * refuses a schema that lacks a property, has another one, or yields a wider value.
 */
export type EntriesFor<Type> = {
  readonly [Key in keyof Type]-?: v.GenericSchema<unknown, Type[Key]>;
};

/** Returns the schema of a list that its reader does not change. */
export function listOf<Item extends v.GenericSchema>(item: Item) {
  return v.pipe(v.array(item), v.readonly());
}

export const runId = v.pipe(
  v.string(),
  v.regex(/^[\w-]{8,64}$/, 'a run id of 8 to 64 letters, digits or dashes'),
);

/** Number by which an answer names its request. */
export const request = v.pipe(v.number(), v.integer(), v.minValue(1));

/** Columns or rows of a terminal. */
export const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000));

export const pid = v.pipe(v.number(), v.integer(), v.minValue(2));

/** Name of a log. */
export const log = v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/, 'the name of a log'));

export const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));

export const count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const identity = v.object({
  pid,
  startTime: v.string(),
  bootId: v.string(),
} satisfies EntriesFor<ProcessIdentity>);

export const stopPlan = v.object({
  signal: v.picklist(stopSignals),
  graceMs: v.pipe(v.number(), v.minValue(0), v.maxValue(600_000)),
} satisfies EntriesFor<StopPlan>);

export const command = v.variant('kind', [
  v.object({
    kind: v.literal('argv'),
    file: v.pipe(v.string(), v.minLength(1)),
    args: listOf(v.string()),
  } satisfies EntriesFor<Extract<ServerCommand, { kind: 'argv' }>>),
  v.object({
    kind: v.literal('shell'),
    line: v.pipe(v.string(), v.minLength(1)),
    shell: v.exactOptional(v.pipe(v.string(), v.minLength(1))),
  } satisfies EntriesFor<Extract<ServerCommand, { kind: 'shell' }>>),
]);

const template = v.object({
  template: v.string(),
  args: listOf(v.union([v.string(), v.number()])),
} satisfies EntriesFor<Template>);

/** A text that the receiver translates. */
export const text = v.union([v.string(), template, listOf(template)]) satisfies v.GenericSchema<
  unknown,
  Text
>;
