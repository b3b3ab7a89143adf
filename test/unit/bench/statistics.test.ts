import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { compared, mark } from '../../../bench/harness/marks.js';
import { median, quantile, ratio, rounded, slope } from '../../../bench/harness/statistics.js';
import { markdownTable, plainTable } from '../../../bench/harness/table.js';
import { randomNumbers } from '../../../bench/harness/work.js';

describe('the arithmetic of the benchmark', () => {
  it('finds the value below which a share of the values lies', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    assert.deepEqual([quantile(values, 0), quantile(values, 0.95), quantile(values, 1)], [1, 96, 100]);
    assert.equal(quantile([], 0.5), Number.NaN);
  });

  it('finds the middle, also between two', () => {
    assert.deepEqual(
      [median([3, 1, 2]), median([4, 1, 2, 3]), median([7]), median([])],
      [2, 2.5, 7, Number.NaN],
    );
  });

  it('knows no multiple of nothing', () => {
    assert.deepEqual([ratio(3, 2), ratio(1, 0)], [1.5, Number.NaN]);
  });

  it('finds by how much something grows', () => {
    assert.deepEqual(
      [
        slope([
          [0, 1],
          [1, 3],
          [2, 5],
        ]),
        slope([
          [0, 4],
          [1, 4],
        ]),
        slope([[1, 1]]),
      ],
      [2, 0, Number.NaN],
    );
  });

  it('rounds to three digits', () => {
    assert.deepEqual([rounded(12_345), rounded(0.012_345)], [12_300, 0.0123]);
  });

  it('draws the same random numbers for the same seed', () => {
    const drawn = (seed: number): number[] => Array.from({ length: 3 }, randomNumbers(seed));
    assert.deepEqual(drawn(1), drawn(1));
    assert.notDeepEqual(drawn(1), drawn(2));
  });
});

describe('a goal of the benchmark', () => {
  it('is reached by a figure', () => {
    assert.deepEqual(mark({ what: 'time', ours: 4, unit: 'ms', baseline: 2, atMost: 5 }), {
      what: 'time',
      ours: '4 ms',
      baseline: '2 ms',
      ratio: '2×',
      goal: '≤ 5 ms',
      isReached: true,
    });
  });

  it('is reached by a ratio to the baseline, or by a difference from it', () => {
    const request = { what: 'time', ours: 4, unit: 'ms', baseline: 2 };
    const marks = [
      mark({ ...request, about: 'ratio', atMost: 2 }),
      mark({ ...request, about: 'ratio', atLeast: 2.1 }),
      mark({ ...request, about: 'difference', atMost: 1.9 }),
    ];
    assert.deepEqual(
      marks.map((each) => [each.goal, each.isReached]),
      [
        ['≤ 2×', true],
        ['≥ 2.1×', false],
        ['≤ 1.9 ms more', false],
      ],
    );
  });

  it('is missed by a figure that could not be measured', () => {
    assert.equal(mark({ what: 'time', ours: Number.NaN, unit: 'ms', atMost: 5 }).isReached, false);
  });
});

describe('a table of the benchmark', () => {
  const rows = compared('ms', [
    { who: 'by hand', values: [1, 2, 3] },
    { who: 'ours', values: [4, 4, 4], more: { left: 0 } },
  ]);

  it('compares with the first', () => {
    assert.deepEqual(rows, [
      { who: 'by hand', 'median ms': 2, 'p95 ms': 3, '× baseline': 1 },
      { who: 'ours', 'median ms': 4, 'p95 ms': 4, '× baseline': 2, left: 0 },
    ]);
  });

  it('is Markdown with the columns of all rows', () => {
    assert.equal(
      markdownTable([
        { who: 'a|b', ms: 1 },
        { who: 'c', left: 0 },
      ]),
      String.raw`| who | ms | left |
| --- | --- | --- |
| a\|b | 1 |  |
| c |  | 0 |`,
    );
  });

  it('is text in columns', () => {
    assert.equal(
      plainTable([{ who: 'by hand', ms: 12 }, { who: 'ours' }]),
      '  who      ms\n  by hand  12\n  ours',
    );
  });
});
