import { QuickPickItemKind, window, type QuickPick, type QuickPickItem } from 'vscode';
import {
  parseLogQuery,
  SlowPatternError,
  type LogMatch,
  type LogStore,
  type LogQuery,
} from '../../core/logs/logStore.js';
import type { Registry } from '../../core/registry/registry.js';
import { serverTitle, type ServerDefinition } from '../../core/server/definition.js';
import type { Translator } from '../../core/common.js';

/** Largest number of matches listed for each server. */
const maxPerServer = 200;

export interface LogSearchDeps {
  readonly logs: LogStore;
  readonly registry: Registry;
  readonly l10n: Translator;
  readonly showAt: (definition: ServerDefinition, offset: number) => Promise<void>;
}

interface MatchItem extends QuickPickItem {
  readonly found?: { readonly definition: ServerDefinition; readonly offset: number };
}

/** Asks for a text, searches the logs of all servers, and opens the chosen line. */
export async function searchLogs(deps: LogSearchDeps): Promise<void> {
  const { l10n, logs, registry } = deps;
  const input = await window.showInputBox({
    title: l10n.t('Search Logs'),
    placeHolder: l10n.t('Text, or a regular expression between slashes'),
    validateInput: (text) => patternProblem(text, l10n),
  });
  if (input === undefined || input === '') return;
  const query = parseLogQuery(input);
  const definitions = await logs.existing(registry.current.servers.map(({ definition }) => definition));
  const chosen = await pickMatch(
    input,
    (pick, signal) => addMatches(pick, definitions, query, signal, deps),
    l10n,
  );
  if (chosen) await deps.showAt(chosen.definition, chosen.offset);
}

function patternProblem(text: string, l10n: Translator): string | undefined {
  try {
    parseLogQuery(text);
    return undefined;
  } catch {
    return l10n.t('This is no valid regular expression.');
  }
}

/** Shows matches while the search runs. Hiding the list cancels the search. */
async function pickMatch(
  input: string,
  search: (pick: QuickPick<MatchItem>, signal: AbortSignal) => Promise<void>,
  l10n: Translator,
): Promise<MatchItem['found']> {
  const pick = window.createQuickPick<MatchItem>();
  const abort = new AbortController();
  const chosen = new Promise<MatchItem['found']>((resolve) => {
    pick.onDidAccept(() => resolve(pick.selectedItems[0]?.found));
    pick.onDidHide(() => {
      abort.abort();
      resolve(undefined);
    });
  });
  pick.title = l10n.t('Logs: {0}', input);
  pick.placeholder = l10n.t('Choose a line to open its log there');
  pick.show();
  try {
    await Promise.race([chosen, showProgress(pick, search(pick, abort.signal))]);
    return await chosen;
  } catch (error) {
    if (error instanceof SlowPatternError)
      void window.showWarningMessage(l10n.t('The regular expression takes too long for these logs.'));
    else if (!abort.signal.aborted) throw error;
    return undefined;
  } finally {
    abort.abort();
    pick.dispose();
  }
}

async function showProgress(pick: QuickPick<MatchItem>, search: Promise<void>): Promise<void> {
  pick.busy = true;
  await search;
  pick.busy = false;
}

async function addMatches(
  pick: QuickPick<MatchItem>,
  definitions: readonly ServerDefinition[],
  query: LogQuery,
  signal: AbortSignal,
  { logs, l10n }: LogSearchDeps,
): Promise<void> {
  for (const definition of definitions) {
    const { matches, truncated } = await logs.search(definition, query, maxPerServer, signal);
    signal.throwIfAborted();
    if (matches.length === 0) continue;
    const title = serverTitle(definition);
    const label = truncated ? l10n.t('{0}, the last {1}', title, matches.length) : title;
    pick.items = [
      ...pick.items,
      { label, kind: QuickPickItemKind.Separator },
      ...matches.map((match) => matchItem(match, definition, l10n)),
    ];
  }
  if (pick.items.length === 0) pick.placeholder = l10n.t('No log has a line with this');
}

/** Matches keep the order of the log: newest first would separate lines that belong together. */
function matchItem(
  { text, line, offset }: LogMatch,
  definition: ServerDefinition,
  l10n: Translator,
): MatchItem {
  return {
    // Show icon syntax literally.
    label: text.trim().replaceAll('$(', '\\$('),
    description: l10n.t('line {0}', line),
    found: { definition, offset },
  };
}
