import * as v from 'valibot';

/** Schemas of the fields that several messages have. */
export const runId = v.pipe(
  v.string(),
  v.regex(/^[\w-]{8,64}$/, 'a run id of 8 to 64 letters, digits or dashes'),
);

export const request = v.pipe(v.number(), v.integer(), v.minValue(1));

export const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000));

export const pid = v.pipe(v.number(), v.integer(), v.minValue(2));

export const log = v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/, 'the name of a log'));

export const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));

export const count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const command = v.variant('kind', [
  v.object({ kind: v.literal('argv'), file: v.pipe(v.string(), v.minLength(1)), args: v.array(v.string()) }),
  v.object({
    kind: v.literal('shell'),
    line: v.pipe(v.string(), v.minLength(1)),
    shell: v.exactOptional(v.pipe(v.string(), v.minLength(1))),
  }),
]);
