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

/** Copies the URL at which a phone or another computer opens the server, and offers its QR code. */
export async function copyNetworkUrl(record: ServerRecord, deps: NetworkUrlDeps): Promise<void> {
  const { l10n } = deps;
  const url = await chooseNetworkUrl(record, deps);
  if (url === undefined) return;
  await env.clipboard.writeText(url);
  const qrCode = l10n.t('Show QR Code');
  const copied = l10n.t('Copied {0}. Other devices on your network can open it.', url);
  if ((await showInformation(copied, qrCode)) === qrCode) await openQrCode(record, url, l10n);
}

/** Shows the QR code of the URL at which a phone opens the server. */
export async function showQrCode(record: ServerRecord, deps: NetworkUrlDeps): Promise<void> {
  const url = await chooseNetworkUrl(record, deps);
  if (url !== undefined) await openQrCode(record, url, deps.l10n);
}

/** Returns the URL for other devices; the user chooses one if there are several. Notifies the user if there is none. */
async function chooseNetworkUrl(
  { definition, state }: ServerRecord,
  { l10n, networkUrls }: NetworkUrlDeps,
): Promise<string | undefined> {
  const own = browserUrl(state);
  const urls = own === undefined ? [] : await networkUrls(own);
  const title = serverTitle(definition);
  if (urls.length > 1) return pickUrl(urls, l10n.t('Select a URL of {0}', title));
  if (urls.length === 0) {
    void showInformation(
      l10n.t(
        '{0} accepts connections from this computer only. Many tools listen on the network with the option --host.',
        title,
      ),
    );
  }
  return urls[0];
}

async function pickUrl(urls: readonly string[], placeHolder: string): Promise<string | undefined> {
  const chosen = await pickItem(
    urls.map((url) => ({ label: url })),
    placeHolder,
  );
  return chosen?.label;
}

/** The page with the code is a separate bundle, since few users need it. */
async function openQrCode({ definition }: ServerRecord, url: string, l10n: Translator): Promise<void> {
  const { fitsQrCode, openQrPage } = await import('../display/qrPage.js');
  if (!fitsQrCode(url)) {
    void showInformation(l10n.t('The URL of {0} is too long for a QR code.', serverTitle(definition)));
    return;
  }
  openQrPage({
    title: l10n.t('{0}: QR code', serverTitle(definition)),
    url,
    hint: l10n.t('Scan the code with a phone on the same network.'),
  });
}
