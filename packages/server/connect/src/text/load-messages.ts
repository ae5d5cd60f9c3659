import { en } from './en.ts';
import type { Language } from './choose-language.ts';
import type { Messages } from './messages.ts';

/** Only the language that is shown is loaded; English is there already, for the moments before. */
const loaders: Record<Exclude<Language, 'en'>, () => Promise<Messages>> = {
  de: async () => (await import('./de.ts')).de,
  fr: async () => (await import('./fr.ts')).fr,
  es: async () => (await import('./es.ts')).es,
  pt: async () => (await import('./pt.ts')).pt,
  it: async () => (await import('./it.ts')).it,
  nl: async () => (await import('./nl.ts')).nl,
  ja: async () => (await import('./ja.ts')).ja,
};

/**
 * The page's texts, with those of the project in place of ours.
 * @param replaced by language and key; keys that the page does not have are ignored
 */
export async function loadMessages(
  language: Language,
  replaced: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): Promise<Messages> {
  // A translation that cannot be fetched must not keep anybody from connecting.
  const messages = language === 'en' ? en : await loaders[language]().catch(() => en);
  const known = Object.entries(replaced[language] ?? {}).filter(([key]) => key in messages);
  return { ...messages, ...Object.fromEntries(known) };
}
