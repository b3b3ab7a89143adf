/** Current time. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. */
  now(): number;
  /** Monotonic milliseconds, which a change of the wall clock does not affect. */
  tick(): number;
}

/** Schedules callbacks. */
export interface Timer {
  /** Calls `action` after the delay, unless the returned function is called before. */
  after(milliseconds: number, action: () => void): () => void;
}

/** Receives events and failures that no caller waits for. */
export interface Logger {
  info(message: string): void;
  error(message: string, cause?: unknown): void;
}

/** Translates text into the user's language; `{0}`, `{1}` … stand for the arguments. */
export interface Translator {
  t(message: string, ...args: (string | number)[]): string;
}
