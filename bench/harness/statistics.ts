/** Returns the value below which a share (0 to 1) of the values lies; `NaN` without values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((first, second) => first - second);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Returns the middle value, or the mean of the two middle values; `NaN` without values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((first, second) => first - second);
  const [lower, upper] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return lower === undefined || upper === undefined ? Number.NaN : (lower + upper) / 2;
}

/** Returns the ratio to the baseline; `NaN` if the baseline is 0. */
export function ratio(value: number, baseline: number): number {
  return baseline === 0 ? Number.NaN : value / baseline;
}

/** Returns the slope of the line through the points, by least squares. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const covariance = mean(points.map(([x, y]) => (x - meanX) * (y - meanY)));
  return ratio(covariance, mean(points.map(([x]) => (x - meanX) ** 2)));
}

/** Rounds to three significant digits, which is the precision of these measurements. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
