/** Plain data, as it goes over the wire. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

/** What an agent is told: in words, in English, and as data. */
export interface AgentAnswer {
  readonly text: string;
  readonly data: JsonObject;
  /** What was asked for was not done, or did not come true. */
  readonly failed?: true;
}

/** The answer to what was refused or failed; `error` is for code. */
export function failure(error: string, text: string, data: JsonObject = {}): AgentAnswer {
  return { text, data: { error, ...data }, failed: true };
}

/** What ends a call early, to be caught where calls begin. */
export class AgentRefusal extends Error {
  override readonly name = 'AgentRefusal';

  constructor(readonly answer: AgentAnswer) {
    super(answer.text);
  }
}

/** What nobody waits for any more is not begun. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted)
    throw new AgentRefusal(failure('cancelled', 'The call was cancelled; nothing was done.'));
}

/** The fields that are not `undefined`. */
export type Defined<Fields> = {
  readonly [Key in keyof Fields as undefined extends Fields[Key] ? never : Key]: Fields[Key];
} & {
  readonly [Key in keyof Fields as undefined extends Fields[Key] ? Key : never]?: Exclude<
    Fields[Key],
    undefined
  >;
};

/** Leaves out what is not known. */
export function omitUndefined<Fields extends Readonly<Record<string, Json | undefined>>>(
  fields: Fields,
): Defined<Fields> & JsonObject {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Defined<Fields> & JsonObject;
}
