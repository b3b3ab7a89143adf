import type { Translator } from './common.js';

/** Returns a duration in at most two units: `45 s`, `3 min`, `2 h 5 min`, `3 d 4 h`. */
export function durationText(milliseconds: number, l10n: Translator): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes === 0) return l10n.t('{0} s', seconds);
  if (hours === 0) return l10n.t('{0} min', minutes);
  if (hours < 24) return l10n.t('{0} h {1} min', hours, minutes % 60);
  return l10n.t('{0} d {1} h', Math.floor(hours / 24), hours % 24);
}
