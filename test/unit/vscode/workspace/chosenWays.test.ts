import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'vitest';
import { commandText } from '../../../../src/core/server/definition.js';
import { ChosenWays } from '../../../../src/vscode/workspace/chosenWays.js';
import { definition } from '../../core/support/fakes.js';
import { editor } from '../support/fakeEditor.js';
import { FakeMemento } from '../support/fakeMemento.js';

describe('the way in which a server starts', () => {
  beforeEach(() => editor.reset('shop'));

  const make = definition('shop/Makefile:make dev', {
    name: 'make dev',
    source: 'taskRunners',
    command: { kind: 'argv', file: 'make', args: ['dev'] },
  });
  const dev = definition('shop:dev', { name: 'dev', isMain: true, alternatives: [make] });
  const other = definition('shop:job');

  it('is the chosen one in all later windows, in the same row, and can be changed back', async () => {
    const memento = new FakeMemento();
    const [before] = new ChosenWays(memento).apply([dev]);
    await new ChosenWays(memento).choose(dev, make);
    const later = new ChosenWays(memento);
    const [chosen, unchanged] = later.apply([dev, other]);
    assert.ok(chosen);
    const { id, name, isMain, command, textInFile, alternatives = [] } = chosen;
    assert.deepEqual(
      [before === dev, unchanged === other, id, name, isMain, commandText(command), textInFile],
      [true, true, 'shop:dev', 'dev', true, 'make dev', 'make dev'],
    );
    assert.deepEqual(later.apply([dev])[0], chosen);
    const [found] = alternatives;
    assert.ok(found);
    await later.choose(chosen, found);
    assert.equal(later.apply([dev])[0], dev);
  });

  it('is that of the list where the chosen one is gone', async () => {
    const ways = new ChosenWays(new FakeMemento());
    await ways.choose(dev, make);
    const { alternatives: _, ...alone } = dev;
    assert.deepEqual(ways.apply([alone]), [alone]);
  });
});
