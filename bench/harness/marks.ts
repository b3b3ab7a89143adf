import { median, quantile, ratio, rounded } from './statistics.js';
import type { Mark, Row } from './result.js';

/** Figures of one candidate, in the unit of the comparison. */
export interface Sample {
  readonly who: string;
  readonly values: readonly number[];
  /** More columns. */
  readonly more?: Readonly<Record<string, string | number>>;
}

/** Median and 95th percentile of each, beside the median of the first, which is the baseline. */
export function compared(unit: string, samples: readonly Sample[]): Row[] {
  const baseline = median(samples[0]?.values ?? []);
  return samples.map(({ who, values, more }) => ({
    who,
    [`median ${unit}`]: rounded(median(values)),
    [`p95 ${unit}`]: rounded(quantile(values, 0.95)),
    '× baseline': rounded(ratio(median(values), baseline)),
    ...more,
  }));
}

/** Median and 95th percentile of what is compared with nothing. */
export function alone(unit: string, samples: readonly Sample[]): Row[] {
  return compared(unit, samples).map((row) => Object.assign(row, { '× baseline': '' }));
}

export interface MarkRequest {
  readonly what: string;
  readonly ours: number;
  readonly unit: string;
  readonly baseline?: number;
  /** What the goal is about: the figure itself, its multiple of the baseline, or what it is more than that. */
  readonly about?: 'figure' | 'ratio' | 'difference';
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Compares a figure with its goal. What could not be measured (NaN) reaches none. */
export function mark(request: MarkRequest): Mark {
  const { what, ours, unit, baseline, about = 'figure', atMost, atLeast } = request;
  const multiple = baseline === undefined ? Number.NaN : ratio(ours, baseline);
  const judged = { figure: ours, ratio: multiple, difference: ours - (baseline ?? Number.NaN) }[about];
  const goalUnit = { figure: ` ${unit}`, ratio: '×', difference: ` ${unit} more` }[about];
  return {
    what,
    ours: `${rounded(ours)} ${unit}`.trim(),
    baseline: baseline === undefined ? '' : `${rounded(baseline)} ${unit}`.trim(),
    ratio: Number.isNaN(multiple) ? '' : `${rounded(multiple)}×`,
    mark: `${atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`}${goalUnit}`.trim(),
    isReached:
      judged <= (atMost ?? Number.POSITIVE_INFINITY) && judged >= (atLeast ?? Number.NEGATIVE_INFINITY),
  };
}
