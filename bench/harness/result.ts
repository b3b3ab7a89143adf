/** A row of a comparison: a candidate and its values by column heading. */
export interface Row {
  readonly who: string;
  readonly [column: string]: string | number;
}

/** A goal and the measurement that is compared with it. */
export interface Mark {
  readonly what: string;
  /** Figure with its unit; so are the next three. */
  readonly ours: string;
  readonly baseline: string;
  readonly ratio: string;
  readonly goal: string;
  readonly isReached: boolean;
}

/** Result of one part. */
export interface PartResult {
  readonly title: string;
  /** Description of the measurement, in a few sentences. */
  readonly method: string;
  readonly rows: readonly Row[];
  readonly marks: readonly Mark[];
  /** Candidates that were not measured, and why. */
  readonly missing: readonly string[];
}

/** Result of one part with the time and the conditions of the measurement. */
export interface PartRecord extends PartResult {
  /** ISO 8601. */
  readonly measuredAt: string;
  readonly seconds: number;
  /** Load average of the minute before the measurement. */
  readonly load: number;
  /** `true` if it had fewer repetitions than a full run. */
  readonly isQuick: boolean;
  readonly machine: Machine;
}

/** Machine and software of a measurement. */
export interface Machine {
  readonly processor: string;
  readonly processors: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** Versions of libraries and peers, by name. */
  readonly versions: Readonly<Record<string, string>>;
}

/** All results by the name of the part. */
export type Results = Readonly<Record<string, PartRecord>>;
