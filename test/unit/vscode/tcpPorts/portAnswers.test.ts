import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { PortAnswers } from '../../../../src/vscode/tcpPorts/portAnswers.js';
import { definition } from '../../core/support/fakes.js';
import { FakeMemento } from '../support/fakeMemento.js';

describe('the remembered answers about ports', () => {
  it('apply to one server instead of the setting, until they are reset', async () => {
    const answers = new PortAnswers(new FakeMemento(), () => 'ask');
    const [web, api] = [definition('shop/web'), definition('shop/api')];
    await answers.remember(web, 'useFreePort');
    const remembered = [answers.modeOf(web), answers.modeOf(api)];
    await answers.clear();
    assert.deepEqual([...remembered, answers.modeOf(web)], ['useFreePort', 'ask', 'ask']);
  });
});
