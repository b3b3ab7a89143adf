/**
 * Returns the locale for dates in texts of this language; `undefined` stands for the system's locale. If the system has
 * the same language, its locale is used, since it also determines the region.
 */
export function dateLocale(
  language: string,
  system = new Intl.DateTimeFormat().resolvedOptions().locale,
): string | undefined {
  return languageOf(language) === languageOf(system) ? undefined : language;
}

function languageOf(locale: string): string | undefined {
  return locale.toLowerCase().split('-')[0];
}
