import { commands, env, workspace } from 'vscode';
import { fixRequest } from '../../core/agents/serverData.js';
import type { Translator } from '../../core/common.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { showInformation } from '../display/messages.js';

/** Command of the editor that opens the chat; missing where the user has no chat. */
const openChat = 'workbench.action.chat.open';

/** Returns whether the user has turned off all AI features. The menus of rows have the same condition. */
export function hidesChat(): boolean {
  return workspace.getConfiguration('chat').get<unknown>('disableAIFeatures') === true;
}

/**
 * Puts a request to fix a server into the input of the chat, for the user to send. Without a chat it is copied to the
 * clipboard.
 */
export async function fixWithChat(record: ServerRecord, l10n: Translator): Promise<void> {
  const query = fixRequest(record);
  try {
    // The user reads the output of the server before an agent does.
    await commands.executeCommand(openChat, { query, isPartialQuery: true });
  } catch {
    await env.clipboard.writeText(query);
    void showInformation(l10n.t('Chat is not available. The request was copied to the clipboard.'));
  }
}
