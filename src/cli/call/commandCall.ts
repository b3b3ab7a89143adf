/** Values of the options that are set; all commands share their names and types. */
export interface CommandOptions {
  readonly json?: boolean;
  readonly all?: boolean;
  readonly follow?: boolean;
  readonly yes?: boolean;
  readonly folder?: string;
  readonly grep?: string;
  readonly kind?: string;
  readonly since?: string;
  readonly lines?: string;
  readonly timeout?: string;
  readonly name?: string;
}

/** A parsed command line. */
export interface CommandCall {
  /** Absolute path of the project folder. */
  readonly folder: string;
  readonly names: readonly string[];
  readonly options: CommandOptions;
  /** Aborted by Ctrl+C. The process then exits, unless the command runs servers. */
  readonly signal: AbortSignal;
  /** Aborted by the second Ctrl+C. */
  readonly urgentSignal: AbortSignal;
}
