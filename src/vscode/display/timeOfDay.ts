import { env } from 'vscode';
import { dateLocale } from '../../core/views/dateLocale.js';

/** Returns a time, milliseconds since 1970, in the user's format. */
export function timeOfDay(moment: number): string {
  return new Date(moment).toLocaleTimeString(dateLocale(env.language));
}
