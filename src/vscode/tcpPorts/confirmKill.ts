import type { PortHolder } from '../../core/tcpPorts/portUse.js';
import { durationText } from '../../core/durationText.js';
import type { Translator } from '../../core/common.js';
import { askModally } from '../display/messages.js';

/** Asks before a foreign process is killed, and shows what is known about it. `now`: milliseconds since 1970. */
export function confirmKill(
  port: number,
  { name, process, command, folder, startedAt }: PortHolder,
  now: number,
  l10n: Translator,
): Promise<boolean> {
  const detail = [
    l10n.t('It was started outside this window. Unsaved work may be lost.'),
    '',
    l10n.t('Command: {0}', command),
    ...(folder === undefined ? [] : [l10n.t('Folder: {0}', folder)]),
    ...(startedAt === undefined ? [] : [l10n.t('Running for: {0}', durationText(now - startedAt, l10n))]),
  ];
  const text = l10n.t('Stop {0} (PID {1}), which is using port {2}?', name, process.pid, port);
  return askModally(text, detail, l10n.t('Stop It'));
}
