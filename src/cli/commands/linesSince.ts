import { CommandError, exitCodes } from '../call/exitCodes.js';

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses `5m`, `2h` or a date. Returns milliseconds since 1970. Throws a `CommandError` for any other text. */
export function parseSince(text: string, nowMs: number): number {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  // `Date.parse` takes a number for a year or a month.
  const date = /^\d{4}-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  const time = count === undefined ? date : nowMs - Number(count) * (unitMs[unit] ?? 0);
  if (!Number.isNaN(time)) return time;
  throw new CommandError(
    `--since must be a time such as 90s, 5m, 2h, 1d or 2026-01-31T12:00, not "${text}".`,
    exitCodes.usage,
    'badRequest',
  );
}

/** The line that the extension writes at the beginning of each run. */
const runHead = /^\u2500{2} (\d{4}-\d\d-\d\dT[\d:.]+Z) .* \u2500{2}$/u;

/** Selects the lines of the runs that began since a time: a log records the time of each run, but not of each line. */
export class LinesSince {
  #lastRunMs: number | undefined;

  constructor(private readonly sinceMs: number) {}

  /** Start of the last run if that run is left out, so that nothing is printed; milliseconds since 1970. */
  get leftOutMs(): number | undefined {
    return this.#isIncluded ? undefined : this.#lastRunMs;
  }

  includes(line: string): boolean {
    const time = runHead.exec(line)?.[1];
    if (time !== undefined) this.#lastRunMs = Date.parse(time);
    return this.#isIncluded;
  }

  get #isIncluded(): boolean {
    return this.#lastRunMs !== undefined && this.#lastRunMs >= this.sinceMs;
  }
}
