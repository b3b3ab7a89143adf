import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { readArguments, wholeNumberOption } from '../../../src/cli/call/arguments.js';

const refusalOf = (...args: string[]): string => {
  try {
    readArguments(args, '/shop');
    return 'accepted';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
};

describe('the arguments of the command line', () => {
  it('suggests the command or option that was probably intended', () => {
    assert.deepEqual(
      [refusalOf('esnure'), refusalOf('list', '--jsno'), refusalOf('logs', '--folow', 'web')],
      [
        'Unknown command "esnure". Did you mean ensure? See "devservers --help".',
        'Unknown option "--jsno". Did you mean --json? See "devservers list --help".',
        'Unknown option "--folow". Did you mean --follow? See "devservers logs --help".',
      ],
    );
  });

  it('refuses a part of a line', () => {
    assert.equal(wholeNumberOption('12', 'lines', 100, 1), 12);
    for (const text of ['1.5', '0', '-1', 'NaN', 'Infinity', ''])
      assert.throws(() => wholeNumberOption(text, 'lines', 100, 1), /--lines must be a/u, text);
  });

  it('counts two letters that are swapped as one mistake', () => {
    assert.deepEqual(
      ['lsit', 'stpo', 'ruin', 'restrat', 'log'].map(
        (word) => /Did you mean (\w+)/u.exec(refusalOf(word))?.[1],
      ),
      ['list', 'stop', 'run', 'restart', 'logs'],
    );
  });

  it('lists all if none is similar', () => {
    const commands = 'list, start, ensure, stop, restart, wait, logs, open, up, run, doctor, mcp, completion';
    for (const word of ['bogus', 'frobnicate', 'xx', 'tests'])
      assert.equal(
        refusalOf(word),
        `Unknown command "${word}". Available: ${commands}. See "devservers --help".`,
      );
    assert.equal(
      refusalOf('list', '-x'),
      'Unknown option "-x". Available: --help, --json, --all, --folder. See "devservers list --help".',
    );
  });

  it('shows where to put the command of run, whose options are not its own', () => {
    assert.equal(
      refusalOf('run', 'node', '-e', '1'),
      '"-e" is not an option of "run". Write -- before the command: devservers run -- node [OPTIONS]. See "devservers run --help".',
    );
    assert.match(refusalOf('run', '--nmae', 'web', '--', 'node'), /Did you mean --name\?/u);
  });

  it('reads names that begin with a dash, and commands with options, after two dashes', () => {
    const names = ['-web', 'npm', '--port=3'].map((name) => readArguments(['run', '--', name], '/shop'));
    assert.deepEqual(
      names.map((each) => each.kind === 'command' && each.names),
      [['-web'], ['npm'], ['--port=3']],
    );
  });
});
