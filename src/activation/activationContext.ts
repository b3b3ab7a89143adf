import type { ExtensionContext, LogOutputChannel, TreeView } from 'vscode';
import type { AgentEndpoint } from './agentEndpoint.js';
import type { TreeElement } from '../vscode/tree/serverTree.js';
import type { StatusBar } from '../vscode/statusBar.js';

/** What the editor and agents see of the extension from the start of a window on. */
export interface ActivationContext {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  readonly statusBar: StatusBar;
  readonly view: TreeView<TreeElement>;
  readonly agentEndpoint: AgentEndpoint;
}
