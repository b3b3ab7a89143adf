import { median, quantile, ratio, rounded } from './statistics.js';
import type { Mark, Row } from './result.js';

/** Measured values of one candidate, in the unit of the comparison. */
export interface Sample {
  readonly who: string;
  readonly values: readonly number[];
  /** Additional columns. */
  readonly more?: Readonly<Record<string, string | number>>;
}

/** Returns a row for each sample with its median, its 95th percentile, and its multiple of the median of the first. */
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

/** Returns rows like `compared`, for samples without a baseline. */
export function alone(unit: string, samples: readonly Sample[]): Row[] {
  return compared(unit, samples).map((row) => Object.assign(row, { '× baseline': '' }));
}

export interface MarkRequest {
  readonly what: string;
  readonly ours: number;
  readonly unit: string;
  readonly baseline?: number;
  /**
   * Quantity that the goal limits: the figure itself, its ratio to the baseline, or its difference from the baseline.
   */
  readonly about?: 'figure' | 'ratio' | 'difference';
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Compares a figure with its goal. A figure that could not be measured (`NaN`) misses its goal. */
export function mark(request: MarkRequest): Mark {
  const { what, ours, unit, baseline, about = 'figure', atMost, atLeast } = request;
  const multiple = baseline === undefined ? Number.NaN : ratio(ours, baseline);
  const value = { figure: ours, ratio: multiple, difference: ours - (baseline ?? Number.NaN) }[about];
  const goalUnit = { figure: ` ${unit}`, ratio: '×', difference: ` ${unit} more` }[about];
  return {
    what,
    ours: `${rounded(ours)} ${unit}`.trim(),
    baseline: baseline === undefined ? '' : `${rounded(baseline)} ${unit}`.trim(),
    ratio: Number.isNaN(multiple) ? '' : `${rounded(multiple)}×`,
    goal: `${atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`}${goalUnit}`.trim(),
    isReached:
      value <= (atMost ?? Number.POSITIVE_INFINITY) && value >= (atLeast ?? Number.NEGATIVE_INFINITY),
  };
}
