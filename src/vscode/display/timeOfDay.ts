import { env } from 'vscode';
import { dateLocale } from '../../core/views/dateLocale.js';

/** Returns the time of a moment, milliseconds since 1970, as the user writes it. */
export function timeOfDay(moment: number): string {
  return new Date(moment).toLocaleTimeString(dateLocale(env.language));
}
