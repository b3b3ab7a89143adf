import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'vitest';
import type { AgentQuestion } from '../../../../src/core/agents/context.js';
import { AgentConfirmations } from '../../../../src/vscode/agents/confirmations.js';
import { FakeTime } from '../../core/support/fakeTime.js';
import { english } from '../../core/support/fakes.js';
import { editor } from '../support/fakeEditor.js';

const caller = { kind: 'agent', name: 'Copilot', caller: 'chat' } as const;

function question(program: string): AgentQuestion {
  return { kind: 'run', caller, command: { kind: 'argv', file: program, args: [] }, cwd: '/shop' };
}

describe('the questions of agents', () => {
  beforeEach(() => editor.reset('shop'));

  function world() {
    const time = new FakeTime();
    const log = { info: () => undefined, error: () => undefined };
    return { time, confirmations: new AgentConfirmations({ timer: time, log, l10n: english }) };
  }

  /** Leaves every question open. */
  const open = (): Promise<unknown> => new Promise(() => undefined);

  it('are answered by the button alone', async () => {
    const { confirmations } = world();
    editor.answer = (_question, [button]) => button;
    const accepted = await confirmations.confirm(question('vite'));
    editor.answer = () => undefined;
    assert.deepEqual([accepted, await confirmations.confirm(question('vite'))], ['accepted', 'refused']);
  });

  it('are shown once for equal requests', async () => {
    const { time, confirmations } = world();
    editor.answer = open;
    const answers = [confirmations.confirm(question('vite')), confirmations.confirm(question('vite'))];
    assert.equal(editor.messages.length, 1);
    await time.pass(50_000);
    assert.deepEqual(await Promise.all(answers), ['unanswered', 'unanswered']);
  });

  it('are three at once at most', async () => {
    const { confirmations } = world();
    editor.answer = open;
    for (const program of ['one', 'two', 'three']) void confirmations.confirm(question(program));
    assert.equal(await confirmations.confirm(question('four')), 'notAsked');
    assert.equal(editor.messages.length, 3);
  });

  it('count as unanswered after 50 s, before the agent gives up', async () => {
    const { time, confirmations } = world();
    editor.answer = open;
    let answer: string | undefined;
    void confirmations.confirm(question('vite')).then((given) => (answer = given));
    await time.pass(49_999);
    const before = answer;
    await time.pass(1);
    assert.deepEqual([before, answer], [undefined, 'unanswered']);
  });
});
