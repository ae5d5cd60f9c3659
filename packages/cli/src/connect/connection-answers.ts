import type { Credentials, ProviderAuth, ProviderField } from '@tenon/runtime/provider';
import { TenonError } from '@tenon/runtime/errors';

/** One value that a connection needs, and what it is for. */
export interface Question {
  readonly name: string;
  /** How it is given on the command line. */
  readonly flag: string;
  readonly field: Pick<
    ProviderField,
    'title' | 'description' | 'example' | 'secret' | 'optional' | 'default' | 'pattern'
  >;
}

/** Values by name, as flags or prompts gave them. */
export type Answers = Readonly<Record<string, string>>;

/** What to ask for the credentials of an auth mode. */
export function credentialQuestions(auth: ProviderAuth): Question[] {
  switch (auth.mode) {
    case 'none':
      return [];
    case 'api_key': {
      const names = Object.keys(auth.fields);
      return Object.entries(auth.fields).map(([name, field]) => ({
        name,
        flag: names.length === 1 ? '--api-key' : `--field ${name}=...`,
        field,
      }));
    }
    case 'basic':
      return [
        { name: 'username', flag: '--username', field: auth.username ?? plain('User name', false) },
        { name: 'password', flag: '--password', field: auth.password ?? plain('Password', true) },
      ];
    case 'oauth2_client_credentials':
      return [
        { name: 'clientId', flag: '--client-id', field: plain('Client id', false) },
        { name: 'clientSecret', flag: '--client-secret', field: plain('Client secret', true) },
      ];
  }
}

/** What to ask beside the credentials. */
export function configQuestions(fields: Readonly<Record<string, ProviderField>>): Question[] {
  return Object.entries(fields).map(([name, field]) => ({ name, flag: `--field ${name}=...`, field }));
}

function plain(title: string, secret: boolean): Question['field'] {
  return { title, secret, optional: false };
}

/** Puts the answers into the shape that the server takes. */
export function buildCredentials(mode: ProviderAuth['mode'], answers: Answers): Credentials {
  switch (mode) {
    case 'none':
      return { mode };
    case 'api_key':
      return { mode, values: { ...answers } };
    case 'basic':
      return { mode, username: answers['username'] ?? '', password: answers['password'] ?? '' };
    case 'oauth2_client_credentials':
      return { mode, clientId: answers['clientId'] ?? '', clientSecret: answers['clientSecret'] ?? '' };
  }
}

/** @throws TenonError `input_needed` that names every flag that is missing */
export function refuseMissing(missing: readonly Question[]): void {
  if (missing.length === 0) return;
  const flags = missing.map((question) => question.flag);
  throw new TenonError('input_needed', `The connection needs ${flags.join(', ')}.`, {
    hint: 'Pass the values; `-` reads a secret from stdin and `env:NAME` from the environment.',
    details: { missing: missing.map(({ name, flag, field }) => ({ name, flag, title: field.title })) },
  });
}
