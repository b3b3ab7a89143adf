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

describe('the failures of starts that were requested together', () => {
  it('have one error for each cause', () => {
    assert.deepEqual(
      [failureTexts(after('web', crash)), failureTexts(after('web', crash), after('worker', crash))],
      [
        ['dependencyFailed: web was not started: api crashed (exit 1).'],
        ['dependencyFailed: web, worker were not started: api crashed (exit 1).'],
      ],
    );
  });

  it('name a refused server together with its dependents', () => {
    const limit = own('api', 'limit', 'api was not started: 20 servers are already running.');
    assert.deepEqual(
      failureTexts(limit, after('web', limit), own('docs', 'portInUse', 'docs: port 3000 is taken.')),
      [
        'limit: api was not started: 20 servers are already running. As a result, these servers were not started: web.',
        'portInUse: docs: port 3000 is taken.',
      ],
    );
  });

  it('omit a server whose crash is reported, but not its dependents', () => {
    const missing = own('api', 'spawnFailed', 'There is no npm.');
    assert.deepEqual(
      [failureTexts(missing), failureTexts(missing, after('web', missing))],
      [['spawnFailed: There is no npm.'], ['dependencyFailed: web was not started: There is no npm.']],
    );
  });

  it('omit starts that were stopped while they waited', () => {
    assert.deepEqual(
      failureTexts(own('web', 'cancelled', 'web was not started: it was stopped in the meantime.')),
      [],
    );
  });
});
