import assert from 'node:assert/strict';
import { ServerError, type FailureReason } from '../../src/core/errors.js';
import type { Outcome } from '../../src/core/outcome.js';
import type { ServerId } from '../../src/core/server.js';

export type OperationKind = 'start' | 'stop' | 'restart';

/** What the documentation of `Lifecycle` allows each operation to end with. */
const documented: Record<
  OperationKind,
  { readonly outcomes: readonly Outcome['kind'][]; readonly reasons: readonly FailureReason[] }
> = {
  start: {
    outcomes: ['started', 'alreadyRunning'],
    reasons: ['closed', 'limit', 'spawnFailed', 'hostLost', 'survivors', 'unknownServer'],
  },
  stop: { outcomes: ['stopped', 'notRunning'], reasons: ['survivors', 'hostLost', 'unknownServer'] },
  restart: {
    outcomes: ['started'],
    reasons: ['closed', 'limit', 'spawnFailed', 'hostLost', 'survivors', 'unknownServer'],
  },
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
  result: PromiseSettledResult<Outcome>,
): Outcome['kind'] | undefined {
  const { outcomes, reasons } = documented[kind];
  if (result.status === 'fulfilled') {
    assert.ok(outcomes.includes(result.value.kind), `${kind} ${id} gave ${result.value.kind}`);
    return result.value.kind;
  }
  const error: unknown = result.reason;
  assert.ok(error instanceof ServerError, `${kind} ${id} threw what is no ServerError: ${String(error)}`);
  assert.ok(reasons.includes(error.reason), `${kind} ${id} threw ${error.reason}: ${error.message}`);
  return undefined;
}
