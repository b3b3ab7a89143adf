export interface Clock {
  /** Wall clock, milliseconds since 1970. */
  now(): number;
  /** Milliseconds that only ever grow. */
  tick(): number;
}

/** Does something later. */
export interface Timer {
  /** Calls `action` after so many milliseconds, unless the returned function is called before. */
  after(milliseconds: number, action: () => void): () => void;
}

/** Where core tells what nobody waits for. */
export interface Logger {
  info(message: string): void;
  error(message: string, cause?: unknown): void;
}

/** Translates text into the user's language; `{0}`, `{1}` … stand for the arguments. */
export interface Translator {
  t(message: string, ...args: (string | number)[]): string;
}
