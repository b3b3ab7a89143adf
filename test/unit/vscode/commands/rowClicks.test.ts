import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { RowClicks } from '../../../../src/vscode/commands/rowClicks.js';

describe('clicks on rows', () => {
  it('are a double-click when two on one row follow each other soon', () => {
    let tick = 0;
    const clicks = new RowClicks(() => tick);
    const isDouble = (id: string, at: number): boolean => {
      tick = at;
      return clicks.isDouble(id);
    };
    assert.deepEqual(
      [isDouble('a', 0), isDouble('a', 300), isDouble('a', 400), isDouble('b', 500), isDouble('b', 1100)],
      [false, true, false, false, false],
    );
  });

  it('do not stop a server right after they have started it', () => {
    let tick = 0;
    const clicks = new RowClicks(() => tick);
    clicks.noteStart(['a']);
    const soon = [clicks.isImpatient('a'), clicks.isImpatient('b')];
    tick = 1000;
    assert.deepEqual([...soon, clicks.isImpatient('a')], [true, false, false]);
  });
});
