export const languages = ['en', 'de', 'fr', 'es', 'pt', 'it', 'nl', 'ja'] as const;
export type Language = (typeof languages)[number];

/**
 * The first wanted language that there is: by its primary subtag, since no two translations share one.
 * @param wanted BCP 47 tags, the most wanted first
 */
export function chooseLanguage(wanted: readonly (string | null | undefined)[]): Language {
  for (const tag of wanted) {
    const primary = tag?.toLowerCase().split(/[-_]/)[0];
    const found = languages.find((language) => language === primary);
    if (found) return found;
  }
  return 'en';
}
