import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { readArguments } from '../../../src/cli/call/arguments.js';

const refusalOf = (...args: string[]): string => {
  try {
    readArguments(args, '/shop');
    return 'accepted';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
};

describe('the arguments of the command line', () => {
  it('names the command or the option that was probably meant', () => {
    assert.deepEqual(
      [refusalOf('esnure'), refusalOf('list', '--jsno'), refusalOf('logs', '--folow', 'web')],
      [
        'Unknown command "esnure". Did you mean ensure? See "devservers --help".',
        'Unknown option "--jsno". Did you mean --json? See "devservers list --help".',
        'Unknown option "--folow". Did you mean --follow? See "devservers logs --help".',
      ],
    );
  });

  it('names none where no one is similar', () => {
    assert.equal(refusalOf('frobnicate'), 'Unknown command "frobnicate". See "devservers --help".');
    assert.equal(refusalOf('list', '-x'), 'Unknown option "-x". See "devservers list --help".');
  });

  it('reads names that begin with a dash, and commands with options, after two dashes', () => {
    const names = ['-web', 'npm', '--port=3'].map((name) => readArguments(['run', '--', name], '/shop'));
    assert.deepEqual(
      names.map((each) => each.kind === 'command' && each.names),
      [['-web'], ['npm'], ['--port=3']],
    );
  });
});
