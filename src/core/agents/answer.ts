/** Data that JSON can represent. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

/** Result of a tool call: as English text for the language model, and as data. */
export interface AgentAnswer {
  readonly text: string;
  readonly data: JsonObject;
  /** Set when the call did not achieve what was requested. */
  readonly failed?: true;
}

/** Returns the answer of a call that was refused or that failed; `error` is a code for programs. */
export function failure(error: string, text: string, data: JsonObject = {}): AgentAnswer {
  return { text, data: { error, ...data }, failed: true };
}

/** Ends a call early with an answer; `AgentTools.call` catches it. */
export class AgentRefusal extends Error {
  override readonly name = 'AgentRefusal';

  constructor(readonly answer: AgentAnswer) {
    super(answer.text);
  }
}

/** Throws an `AgentRefusal` if the caller has cancelled the call. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted)
    throw new AgentRefusal(failure('cancelled', 'The call was cancelled; nothing was done.'));
}

/** Makes the properties optional whose values may be `undefined`. */
export type Defined<Fields> = {
  readonly [Key in keyof Fields as undefined extends Fields[Key] ? never : Key]: Fields[Key];
} & {
  readonly [Key in keyof Fields as undefined extends Fields[Key] ? Key : never]?: Exclude<
    Fields[Key],
    undefined
  >;
};

/** Removes the fields that are `undefined`, which JSON cannot represent. */
export function omitUndefined<Fields extends Readonly<Record<string, Json | undefined>>>(
  fields: Fields,
): Defined<Fields> & JsonObject {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Defined<Fields> & JsonObject;
}
