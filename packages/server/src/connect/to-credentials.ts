import { TenonError } from '@tenon/runtime/errors';
import { credentialsSchema, type Credentials, type Provider } from '@tenon/runtime/provider';

/**
 * What the form's values are as credentials of the provider's mode.
 * @throws TenonError `credentials_invalid`, without any value
 */
export function toCredentials({ auth, displayName }: Provider, values: Readonly<Record<string, string>>): Credentials {
  const { mode } = auth;
  const parsed = credentialsSchema.safeParse(shape(mode, values));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => ({
    path: path.join('.'),
    expected: message,
    got: 'another value',
  }));
  throw new TenonError('credentials_invalid', `These are no credentials of ${displayName}.`, { details: { problems } });
}

function shape(mode: string, values: Readonly<Record<string, string>>): unknown {
  switch (mode) {
    case 'none':
      return { mode };
    case 'basic':
      return { mode, username: values['username'] ?? '', password: values['password'] ?? '' };
    case 'oauth2_client_credentials':
      return { mode, ...values };
    default:
      return { mode, values };
  }
}
