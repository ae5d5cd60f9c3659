import { TenonError } from '@tenon/runtime/errors';
import { readSecret, type SecretSources } from './read-secret.ts';

/** The values of a connection, as flags. */
export interface AnswerFlags {
  readonly apiKey?: string;
  readonly username?: string;
  readonly password?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** `name=value` */
  readonly field?: readonly string[];
}

/**
 * Reads the values that flags give, by the names that the provider gives them.
 * @param apiKeyName what the provider calls its only secret
 * @throws TenonError `usage_invalid`
 */
export async function collectAnswers(
  flags: AnswerFlags,
  options: { apiKeyName: string; sources: Omit<SecretSources, 'flag'> },
): Promise<Record<string, string>> {
  const given: { name: string; flag: string; text: string | undefined }[] = [
    { name: options.apiKeyName, flag: '--api-key', text: flags.apiKey },
    { name: 'username', flag: '--username', text: flags.username },
    { name: 'password', flag: '--password', text: flags.password },
    { name: 'clientId', flag: '--client-id', text: flags.clientId },
    { name: 'clientSecret', flag: '--client-secret', text: flags.clientSecret },
    ...(flags.field ?? []).map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) {
        // The text is not repeated: it may be a secret.
        throw new TenonError('usage_invalid', '--field takes a name and a value.', {
          hint: 'Write --field subdomain=acme.',
        });
      }
      return { name: pair.slice(0, at), flag: `--field ${pair.slice(0, at)}`, text: pair.slice(at + 1) };
    }),
  ];
  const answers: Record<string, string> = {};
  for (const { name, flag, text } of given) {
    if (text !== undefined) answers[name] = await readSecret(text, { ...options.sources, flag });
  }
  return answers;
}
