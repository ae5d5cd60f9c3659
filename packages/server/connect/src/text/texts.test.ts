import { describe, expect, it } from 'vitest';
import { chooseLanguage, languages } from './choose-language.ts';
import { en } from './en.ts';
import { formatMessage } from './format-message.ts';
import { loadMessages } from './load-messages.ts';

const placeholders = (message: string): string[] => (message.match(/\{\w+\}/g) ?? []).sort();

describe('the texts', () => {
  it.each(languages)('have the same words to fill in, in %s', async (language) => {
    const messages = await loadMessages(language);
    for (const [key, message] of Object.entries(messages)) {
      expect([key, message.trim() === '']).toEqual([key, false]);
      expect([key, placeholders(message)]).toEqual([key, placeholders(en[key as keyof typeof en])]);
    }
  });

  it('are those of the project where it has its own', async () => {
    const messages = await loadMessages('de', { de: { back: 'Retour', unknown: 'x' }, en: { close: 'No' } });
    expect([messages.back, messages.close, 'unknown' in messages]).toEqual(['Retour', 'Schließen', false]);
  });

  it('come in the first language that there is', () => {
    expect(chooseLanguage([null, 'pl', 'pt-BR', 'de'])).toBe('pt');
    expect(chooseLanguage(['JA_jp'])).toBe('ja');
    expect(chooseLanguage([undefined, 'xx'])).toBe('en');
  });

  it('show a word that nobody fills in, rather than hide the mistake', () => {
    expect(formatMessage('{a} and {b}', { a: 1 })).toBe('1 and {b}');
  });
});
