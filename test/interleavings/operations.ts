import assert from 'node:assert/strict';
import { ServerError, type FailureReason } from '../../src/core/server/errors.js';
import type { Outcome } from '../../src/core/lifecycle/outcome.js';
import type { ServerId } from '../../src/core/server/identity.js';

export type OperationKind = 'start' | 'startAlone' | 'stop' | 'restart';

const refusals = ['closed', 'limit', 'spawnFailed', 'hostLost', 'survivors', 'unknownServer'] as const;

/** What the documentation of `Lifecycle` and `OrderedStart` allows each operation to end with. */
const documented: Record<
  OperationKind,
  { readonly outcomes: readonly Outcome['kind'][]; readonly reasons: readonly FailureReason[] }
> = {
  start: {
    outcomes: ['started', 'alreadyRunning'],
    reasons: [...refusals, 'dependencyFailed', 'dependencyCycle', 'cancelled'],
  },
  startAlone: { outcomes: ['started', 'alreadyRunning', 'queued'], reasons: refusals },
  stop: { outcomes: ['stopped', 'notRunning'], reasons: ['survivors', 'hostLost', 'unknownServer'] },
  restart: { outcomes: ['started'], reasons: refusals },
};

export interface CalledOperation {
  readonly kind: OperationKind;
  readonly id: ServerId;
  /** When it was called, in operations called so far. */
  readonly at: number;
  /** No other operation on the server was under way, whose outcome it could have got. */
  readonly alone: boolean;
}

/** Checks that an operation ended in a documented way. Returns what it did, or nothing when it failed. */
export function checkSettled(
  { kind, id }: CalledOperation,
  result: PromiseSettledResult<Outcome | undefined>,
): Outcome['kind'] | undefined {
  const { outcomes, reasons } = documented[kind];
  if (result.status === 'fulfilled') {
    const outcome = result.value?.kind ?? assert.fail('nobody was asked');
    assert.ok(outcomes.includes(outcome), `${kind} ${id} gave ${outcome}`);
    return outcome;
  }
  const error: unknown = result.reason;
  assert.ok(error instanceof ServerError, `${kind} ${id} threw what is no ServerError: ${String(error)}`);
  assert.ok(reasons.includes(error.reason), `${kind} ${id} threw ${error.reason}: ${error.message}`);
  return undefined;
}
