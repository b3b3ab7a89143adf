import { env } from 'vscode';
import type { Translator } from '../../core/common.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { serverTitle } from '../../core/server/definition.js';
import { browserUrl } from '../../core/server/stateQueries.js';
import { showInformation } from '../display/messages.js';
import { pickItem } from '../display/picks.js';

export interface NetworkUrlDeps {
  readonly l10n: Translator;
  /** Returns the URLs at which other devices reach a server of this machine. */
  readonly networkUrls: (url: string) => Promise<readonly string[]>;
}

/** Copies the URL at which a phone or another computer opens the server, and says so if there is none. */
export async function copyNetworkUrl(
  { definition, state }: ServerRecord,
  { l10n, networkUrls }: NetworkUrlDeps,
): Promise<void> {
  const own = browserUrl(state);
  const urls = own === undefined ? [] : await networkUrls(own);
  const title = serverTitle(definition);
  if (urls.length === 0) {
    void showInformation(
      l10n.t(
        '{0} accepts connections from this computer only. Many tools listen on the network with the option --host.',
        title,
      ),
    );
    return;
  }
  const url = urls.length === 1 ? urls[0] : await pickUrl(urls, l10n.t('Select a URL of {0}', title));
  if (url === undefined) return;
  await env.clipboard.writeText(url);
  void showInformation(l10n.t('Copied {0}. Other devices on your network can open it.', url));
}

async function pickUrl(urls: readonly string[], placeHolder: string): Promise<string | undefined> {
  const chosen = await pickItem(
    urls.map((url) => ({ label: url })),
    placeHolder,
  );
  return chosen?.label;
}
