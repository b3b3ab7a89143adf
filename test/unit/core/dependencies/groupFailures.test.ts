import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { notStartedError } from '../../../../src/core/dependencies/dependencyErrors.js';
import { ServerError, type FailureReason } from '../../../../src/core/server/errors.js';
import { failuresByCause, type StartFailure } from '../../../../src/core/dependencies/groupFailures.js';
import { english } from '../support/fakes.js';

const own = (title: string, reason: FailureReason, message: string): StartFailure => ({
  title,
  error: new ServerError(reason, message),
});
const after = (title: string, { error }: Pick<StartFailure, 'error'>): StartFailure => ({
  title,
  error: notStartedError(title, error, english),
});
const failureTexts = (...failures: StartFailure[]): string[] =>
  failuresByCause(failures, english).map(({ reason, message }) => `${reason}: ${message}`);

const crash = { error: new ServerError('dependencyFailed', 'api crashed (exit 1)') };

describe('what is told of starts that failed together', () => {
  it('is one error for all that had one cause, with the cause', () => {
    assert.deepEqual(
      [failureTexts(after('web', crash)), failureTexts(after('web', crash), after('worker', crash))],
      [
        ['dependencyFailed: web was not started: api crashed (exit 1).'],
        ['dependencyFailed: web, worker were not started: api crashed (exit 1).'],
      ],
    );
  });

  it('is the refusal of a server together with what it kept from starting', () => {
    const limit = own('api', 'limit', 'api was not started: 20 servers are already running.');
    assert.deepEqual(
      failureTexts(limit, after('web', limit), own('docs', 'portInUse', 'docs: port 3000 is taken.')),
      [
        'limit: api was not started: 20 servers are already running. As a result, these servers were not started: web.',
        'portInUse: docs: port 3000 is taken.',
      ],
    );
  });

  it('leaves a server to the notice of its crash, but not what it kept from starting', () => {
    const missing = own('api', 'spawnFailed', 'There is no npm.');
    assert.deepEqual(
      [failureTexts(missing), failureTexts(missing, after('web', missing))],
      [['spawnFailed: There is no npm.'], ['dependencyFailed: web was not started: There is no npm.']],
    );
  });

  it('is nothing where somebody stopped what waited', () => {
    assert.deepEqual(
      failureTexts(own('web', 'cancelled', 'web was not started: it was stopped in the meantime.')),
      [],
    );
  });
});
