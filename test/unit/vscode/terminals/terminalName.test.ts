import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { ServerState } from '../../../../src/core/server/state.js';
import { terminalName } from '../../../../src/vscode/terminals/terminalName.js';
import { definition } from '../../core/support/fakes.js';

describe('the name of a terminal', () => {
  it('shows a crash, and no icon of the workspace', () => {
    const crash = { kind: 'failure', reason: 'spawnFailed', message: 'no', at: 0 } as const;
    const states: readonly ServerState[] = [
      { kind: 'stopped', lastEnd: undefined },
      { kind: 'crashed', crash },
    ];
    assert.deepEqual(
      states.map((state) => terminalName({ definition: definition('$(bell)'), state, retired: false })),
      ['shop: $\u2060(bell)', '$(error) shop: $\u2060(bell)'],
    );
  });
});
