import {
  parseLogQuery,
  SlowPatternError,
  type LogMatch,
  type LogStore,
  type LogQuery,
} from '../../core/logs/logStore.js';
import { pageMessageText } from '../../core/logs/pageMessages.js';
import type { Registry } from '../../core/registry/registry.js';
import { serverTitle, type ServerDefinition } from '../../core/server/definition.js';
import type { Translator } from '../../core/common.js';
import { showWarning } from '../display/messages.js';
import { askText, GrowingPick, type PickItem } from '../display/picks.js';

/** Maximum number of matches listed for each server. */
const maxPerServer = 200;

export interface LogSearchDeps {
  readonly logs: LogStore;
  readonly registry: Registry;
  readonly l10n: Translator;
  readonly showAt: (definition: ServerDefinition, offset: number) => Promise<void>;
}

interface MatchItem extends PickItem {
  readonly found?: { readonly definition: ServerDefinition; readonly offset: number };
}

/** Lists the errors that the pages of a server have written to its log, the newest first, and opens the chosen line. */
export async function showPageErrors(definition: ServerDefinition, deps: LogSearchDeps): Promise<void> {
  const { l10n } = deps;
  const title = l10n.t('Page Errors: {0}', serverTitle(definition));
  const search = async (pick: GrowingPick<MatchItem>, signal: AbortSignal): Promise<void> => {
    const { matches } = await deps.logs.search(definition, { kind: 'pageErrors' }, maxPerServer, signal);
    signal.throwIfAborted();
    // The log also has earlier runs, so the errors that the row counts are the last ones.
    const items = matches.map((match) => matchItem(match, definition, pageMessageText)).toReversed();
    if (items.length === 0) pick.placeHolder = l10n.t('No matching lines');
    else pick.add(items);
  };
  const chosen = await pickMatch(title, search, l10n);
  if (chosen) await deps.showAt(chosen.definition, chosen.offset);
}

/** Asks for a text, searches the logs of all servers, and opens the chosen line. */
export async function searchLogs(deps: LogSearchDeps): Promise<void> {
  const { l10n, logs, registry } = deps;
  const input = await askText({
    title: l10n.t('Search Logs'),
    prompt: l10n.t('Text, or a regular expression between slashes'),
    example: '/time(d )?out/',
    problemOf: (text) => patternProblem(text, l10n),
  });
  if (input === undefined || input === '') return;
  const query = parseLogQuery(input);
  const definitions = await logs.existing(registry.current.servers.map(({ definition }) => definition));
  const chosen = await pickMatch(
    l10n.t('Logs: {0}', input),
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
    return l10n.t('Invalid regular expression.');
  }
}

/** Shows matches while the search runs. Hiding the list cancels the search. */
async function pickMatch(
  title: string,
  search: (pick: GrowingPick<MatchItem>, signal: AbortSignal) => Promise<void>,
  l10n: Translator,
): Promise<MatchItem['found']> {
  const pick = new GrowingPick<MatchItem>(title, l10n.t('Select a line to open the log'));
  const abort = new AbortController();
  const choose = async (): Promise<MatchItem['found']> => {
    const item = await pick.show();
    if (!item) abort.abort();
    return item?.found;
  };
  const chosen = choose();
  try {
    await Promise.race([chosen, showProgress(pick, search(pick, abort.signal))]);
    return await chosen;
  } catch (error) {
    if (error instanceof SlowPatternError)
      void showWarning(l10n.t('The regular expression takes too long to search these logs.'));
    else if (!abort.signal.aborted) throw error;
    return undefined;
  } finally {
    abort.abort();
    pick.dispose();
  }
}

async function showProgress(pick: GrowingPick<MatchItem>, search: Promise<void>): Promise<void> {
  pick.busy = true;
  await search;
  pick.busy = false;
}

async function addMatches(
  pick: GrowingPick<MatchItem>,
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
    pick.add([{ kind: 'separator', label }, ...matches.map((match) => matchItem(match, definition))]);
  }
  if (pick.isEmpty) pick.placeHolder = l10n.t('No matching lines');
}

/** The number comes first, as in the output of `grep -n`: a long line would hide it. */
function matchItem(
  { text, line, offset }: LogMatch,
  definition: ServerDefinition,
  labelOf: (line: string) => string = (each) => each.trim(),
): MatchItem {
  return { label: `${line}: ${labelOf(text)}`, found: { definition, offset } };
}
