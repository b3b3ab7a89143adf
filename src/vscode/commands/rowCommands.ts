import { env, workspace, type TreeView } from 'vscode';
import type { Registry } from '../../core/registry/registry.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { commandText } from '../../core/server/definition.js';
import type { ServerId } from '../../core/server/identity.js';
import { hasTerminal, isDismissable, isIdle } from '../../core/server/stateQueries.js';
import type { ServerTerminals } from '../terminals/serverTerminals.js';
import type { TreeElement } from '../tree/serverTree.js';
import type { RowClicks } from './rowClicks.js';

export interface RowCommandDeps {
  readonly registry: Registry;
  readonly terminals: Pick<ServerTerminals, 'show'>;
  readonly view: Pick<TreeView<TreeElement>, 'selection'>;
  readonly clicks: RowClicks;
}

type Start = (record: ServerRecord) => Promise<void>;

/** Shows the terminal of a clicked row, if it has one. A double-click also starts a server that is down. */
export async function clickRow(id: ServerId, start: Start, deps: RowCommandDeps): Promise<void> {
  const record = deps.registry.find(id);
  if (!record) return;
  const opens = deps.clicks.isDouble(id) || opensByDoubleClick();
  if (opens && isIdle(record.state)) await openRow(record, start, deps);
  else if (hasTerminal(record.state)) deps.terminals.show(record, true);
}

/** Starts the server of the selected row, or shows its terminal if it runs. Enter does this. */
export async function openSelectedRow(start: Start, deps: RowCommandDeps): Promise<void> {
  const [selected] = deps.view.selection;
  const record = selected?.kind === 'server' ? deps.registry.find(selected.id) : undefined;
  if (record) await openRow(record, start, deps);
}

async function openRow(record: ServerRecord, start: Start, deps: RowCommandDeps): Promise<void> {
  if (isIdle(record.state)) {
    deps.clicks.noteStart([record.definition.id]);
    await start(record);
  } else if (hasTerminal(record.state)) {
    deps.terminals.show(record, false);
  }
}

/** Resets the rows of servers that are down, as if they had never run. */
export async function dismiss(records: readonly ServerRecord[], registry: Registry): Promise<void> {
  for (const { definition } of records) {
    const state = registry.find(definition.id)?.state;
    // The server may have been started in the meantime.
    if (state && isDismissable(state)) {
      await registry.dispatch(definition.id, { kind: 'dismiss' }).catch(() => undefined);
    }
  }
}

/** Copies the command that starts the server. */
export async function copyCommand({ definition }: ServerRecord): Promise<void> {
  await env.clipboard.writeText(commandText(definition.command));
}

/** Returns whether the editor is set to open rows by a double-click; it then reports a double-click as one click. */
function opensByDoubleClick(): boolean {
  return workspace.getConfiguration('workbench.list').get<unknown>('openMode') === 'doubleClick';
}
