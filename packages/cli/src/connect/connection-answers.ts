import {
  askedCredentialFields,
  type Credentials,
  type ProviderAuth,
  type ProviderField,
} from '@tenon/runtime/provider';
import { TenonError } from '@tenon/runtime/errors';

/** One value that a connection needs, and what it is for. */
export interface Question {
  readonly name: string;
  /** How it is given on the command line. */
  readonly flag: string;
  readonly field: ProviderField;
}

/** Values by name, as flags or prompts gave them. */
export type Answers = Readonly<Record<string, string>>;

const ownFlags: Readonly<Record<string, string>> = {
  username: '--username',
  password: '--password',
  clientId: '--client-id',
  clientSecret: '--client-secret',
};

/** What to ask for the credentials of an auth mode; nothing where a browser obtains them. */
export function credentialQuestions(auth: ProviderAuth): Question[] {
  const fields = Object.entries(askedCredentialFields(auth));
  const isKey = auth.mode === 'api_key' && fields.length === 1;
  return fields.map(([name, field]) => {
    const own = auth.mode === 'basic' || auth.mode === 'oauth2_client_credentials' ? ownFlags[name] : undefined;
    return { name, flag: own ?? (isKey ? '--api-key' : fieldFlag(name, field)), field };
  });
}

/** What to ask beside the credentials. */
export function configQuestions(fields: Readonly<Record<string, ProviderField>>): Question[] {
  return Object.entries(fields).map(([name, field]) => ({ name, flag: fieldFlag(name, field), field }));
}

function fieldFlag(name: string, { multiline }: ProviderField): string {
  return multiline ? `--field ${name}=@<file>` : `--field ${name}=...`;
}

/** Puts the answers into the shape that the server takes. */
export function buildCredentials(mode: ProviderAuth['mode'], answers: Answers): Credentials {
  switch (mode) {
    case 'none':
    case 'oauth2':
    case 'mcp_oauth':
    case 'app':
      return { mode };
    case 'basic':
      return { mode, username: answers['username'] ?? '', password: answers['password'] ?? '' };
    case 'oauth2_client_credentials': {
      // Both are absent where the client is the integration's.
      const { clientId, clientSecret } = answers;
      return { mode, ...(clientId !== undefined && { clientId }), ...(clientSecret !== undefined && { clientSecret }) };
    }
    default:
      return { mode, values: { ...answers } };
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
