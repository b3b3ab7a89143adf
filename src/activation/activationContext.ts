import type { ExtensionContext, TreeView } from 'vscode';
import type { AgentEndpoint } from './agentEndpoint.js';
import type { TreeElement } from '../vscode/tree/serverTree.js';
import type { OutputLog } from '../vscode/display/outputLog.js';
import type { StatusBar } from '../vscode/display/statusBar.js';

/** Objects that the editor and agents use from the start of a window, before the runtime is loaded. */
export interface ActivationContext {
  readonly context: ExtensionContext;
  readonly log: OutputLog;
  /** Returns the time since the editor activated the extension, milliseconds. */
  readonly msSinceActivation: () => number;
  readonly statusBar: StatusBar;
  readonly view: TreeView<TreeElement>;
  readonly agentEndpoint: AgentEndpoint;
}
