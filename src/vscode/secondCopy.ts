import { env, Uri, window } from 'vscode';
import type { OtherWindows, RunElsewhere, Translator } from '../core/ports.js';
import { serverTitle, type ServerDefinition } from '../core/server.js';

export interface SecondCopyPorts {
  readonly otherWindows: OtherWindows;
  /** A port that nobody holds. */
  readonly freePort: () => Promise<number>;
  readonly l10n: Translator;
}

/**
 * Asks when another window runs this very server, for a second copy would fight for its port. Answers with what to add to
 * the environment, or nothing when it shall not be started.
 */
export async function environmentBeside(
  definition: ServerDefinition,
  { otherWindows, freePort, l10n }: SecondCopyPorts,
): Promise<ServerDefinition['env'] | undefined> {
  const elsewhere = await otherWindows.find(definition);
  if (!elsewhere) return {};
  const open = l10n.t('Open It');
  const takeOver = l10n.t('Take Over');
  const startAnother = l10n.t('Start on Another Port');
  const choices = [...(elsewhere.url === undefined ? [] : [open]), takeOver, startAnother];
  const chosen = await window.showWarningMessage(elsewhereText(definition, elsewhere, l10n), ...choices);
  if (chosen === open && elsewhere.url !== undefined) await env.openExternal(Uri.parse(elsewhere.url, true));
  if (chosen === takeOver) {
    await otherWindows.takeOver(definition);
    return {};
  }
  return chosen === startAnother ? { PORT: String(await freePort()) } : undefined;
}

function elsewhereText(definition: ServerDefinition, { pid, url }: RunElsewhere, l10n: Translator): string {
  const title = serverTitle(definition);
  return url === undefined
    ? l10n.t('{0} already runs in another window (process {1}).', title, pid)
    : l10n.t('{0} already runs in another window at {1}.', title, url);
}
