import assert from 'node:assert/strict';
import { ServerError, type FailureReason } from '../../src/core/server/errors.js';
import type { Outcome } from '../../src/core/lifecycle/outcome.js';
import type { ServerId } from '../../src/core/server/identity.js';

export type OperationKind = 'start' | 'startAlone' | 'stop' | 'restart';

const refusals = ['closed', 'limit', 'spawnFailed', 'hostLost', 'survivors', 'unknownServer'] as const;

interface Documented {
  readonly outcomes: readonly Outcome['kind'][];
  readonly reasons: readonly FailureReason[];
}

/** Results of each operation that the documentation of `Lifecycle` and `OrderedStart` allows. */
const documented: Record<OperationKind, Documented> = {
  start: {
    outcomes: ['started', 'alreadyRunning'],
    reasons: [...refusals, 'dependencyFailed', 'dependencyCycle', 'cancelled'],
  },
  // It joins the start of a batch that waits for dependencies, and then ends as that one does.
  startAlone: {
    outcomes: ['started', 'alreadyRunning', 'queued'],
    reasons: [...refusals, 'dependencyCycle', 'cancelled'],
  },
  stop: { outcomes: ['stopped', 'notRunning'], reasons: ['survivors', 'hostLost', 'unknownServer'] },
  restart: { outcomes: ['started'], reasons: [...refusals, 'cancelled'] },
};

export interface CalledOperation {
  readonly kind: OperationKind;
  readonly id: ServerId;
  /** Time of the call, in number of operations called before. */
  readonly at: number;
  /** No other operation on the server was in progress, whose outcome this call could have joined. */
  readonly alone: boolean;
}

/** Checks that an operation ended in a documented way. Returns its outcome; `undefined` if it failed. */
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
