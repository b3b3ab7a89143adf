/** One line of a comparison: who, and what was measured of it, by the headings of the columns. */
export interface Row {
  readonly who: string;
  readonly [column: string]: string | number;
}

/** A goal, and how far the measurement is from it. */
export interface Mark {
  readonly what: string;
  /** With their units. */
  readonly ours: string;
  readonly baseline: string;
  readonly ratio: string;
  readonly mark: string;
  readonly isReached: boolean;
}

/** What one part found out. */
export interface PartResult {
  readonly title: string;
  /** How it was measured, in a few sentences. */
  readonly method: string;
  readonly rows: readonly Row[];
  readonly marks: readonly Mark[];
  /** What was not measured, and why. */
  readonly missing: readonly string[];
}

/** A part's result together with when and under what conditions it came about. */
export interface PartRecord extends PartResult {
  /** ISO 8601. */
  readonly measuredAt: string;
  readonly seconds: number;
  /** Processes that wanted a processor in the minute before the part began. */
  readonly load: number;
  /** Fewer repetitions than a full run has. */
  readonly isQuick: boolean;
  readonly machine: Machine;
}

/** Where it was measured. */
export interface Machine {
  readonly processor: string;
  readonly processors: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** Versions of what was measured beside ours, by name. */
  readonly versions: Readonly<Record<string, string>>;
}

/** All results, by the name of the part. */
export type Results = Readonly<Record<string, PartRecord>>;
