import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'vitest';
import { fixRequest } from '../../../../src/core/agents/serverData.js';
import type { ServerRecord } from '../../../../src/core/registry/snapshot.js';
import { fixWithChat } from '../../../../src/vscode/agents/fixWithChat.js';
import { definition, english } from '../../core/support/fakes.js';
import { editor } from '../support/fakeEditor.js';

const command = { kind: 'shell', line: 'node a.js --token hunter2' } as const;
const crash = { kind: 'failure', reason: 'spawnFailed', message: 'It is not there.', at: 0 };
const record = {
  definition: definition('a', { command }),
  state: { kind: 'crashed', crash },
  retired: false,
} as unknown as ServerRecord;

const openChat = 'workbench.action.chat.open';

describe('a request to fix a server', () => {
  beforeEach(() => editor.reset('shop'));

  it('waits in the chat until the user sends it', async () => {
    await fixWithChat(record, english);
    const query = fixRequest(record);
    assert.deepEqual(editor.executed, [[openChat, { query, isPartialQuery: true }]]);
    assert.deepEqual(editor.messages, []);
  });

  it('is copied if there is no chat, without secrets', async () => {
    editor.missingCommands = [openChat];
    await fixWithChat(record, english);
    assert.equal(editor.clipboard, fixRequest(record));
    assert.doesNotMatch(editor.clipboard, /hunter2/u);
    assert.deepEqual(editor.messages, ['Chat is not available. The request was copied to the clipboard.']);
  });
});
