import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { ServerError, toServerError } from '../../../../src/core/server/errors.js';

describe('a thrown value', () => {
  it('stays what it is when it is a server error', () => {
    const error = new ServerError('limit', 'Too many.');
    assert.equal(toServerError(error, 'badRequest'), error);
    assert.equal(String(error), 'ServerError: Too many.');
  });

  it('becomes a server error with its message and itself as the cause', () => {
    const cause = new TypeError('no function');
    const errors = [cause, 'some text'].map((thrown) => toServerError(thrown, 'hostLost'));
    assert.deepEqual(
      errors.map((error) => [error instanceof ServerError, error.reason, error.message, error.cause]),
      [
        [true, 'hostLost', 'no function', cause],
        [true, 'hostLost', 'some text', 'some text'],
      ],
    );
  });
});
