import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { Translator } from '../../../../src/core/common.js';
import { english, translated, untranslated } from '../../../../src/core/text.js';
import { ServerError, toServerError } from '../../../../src/core/server/errors.js';

describe('a thrown value', () => {
  it('is returned unchanged if it is a server error', () => {
    const error = new ServerError('limit', 'Too many.');
    assert.equal(toServerError(error, 'badRequest'), error);
    assert.equal(String(error), 'ServerError: Too many.');
  });

  it('has an English message for code, and a text that is translated for users', () => {
    const name = untranslated('{0} was not found.', 'npm');
    const hint = untranslated('Install Node.js.');
    const german: Record<string, string> = {
      '{0} was not found.': '{0} wurde nicht gefunden.',
      'Install Node.js.': 'Installieren Sie Node.js.',
    };
    const l10n: Translator = { t: (text, ...args) => english.t(german[text] ?? text, ...args) };
    const errors = [name, [name, hint], 'npm fehlt.'].map((text) => new ServerError('spawnFailed', text));
    assert.deepEqual(
      errors.map(({ message, text }) => [message, translated(text, l10n)]),
      [
        ['npm was not found.', 'npm wurde nicht gefunden.'],
        ['npm was not found. Install Node.js.', 'npm wurde nicht gefunden. Installieren Sie Node.js.'],
        ['npm fehlt.', 'npm fehlt.'],
      ],
    );
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
