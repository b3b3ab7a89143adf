/**
 * Returns the locale for dates among texts in this language: `undefined`, which stands for that of the system, where the
 * system has the same language, since its locale tells the region too.
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
