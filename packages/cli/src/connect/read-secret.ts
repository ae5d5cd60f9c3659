import { TenonError } from '@tenon/runtime/errors';

export interface SecretSources {
  /** Flag, for messages. */
  readonly flag: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Reads stdin once for all; several secrets cannot share it. */
  readonly readStdin: () => Promise<string>;
}

/**
 * Reads a secret as a flag names it: `-` from stdin, `env:NAME` from the environment, so that it need not stand in
 * the shell's history; anything else is the secret.
 * @throws TenonError `usage_invalid` when the source is empty
 */
export async function readSecret(text: string, sources: SecretSources): Promise<string> {
  if (text === '-') {
    const secret = (await sources.readStdin()).replace(/\r?\n$/, '');
    if (secret !== '') return secret;
    throw new TenonError('usage_invalid', `${sources.flag}: expected a value on stdin, which is empty.`, {
      hint: 'Pipe it in, or name an environment variable that holds it: env:NAME.',
    });
  }
  if (!text.startsWith('env:')) return text;
  const name = text.slice('env:'.length);
  const secret = sources.variables[name];
  if (secret !== undefined && secret !== '') return secret;
  throw new TenonError('usage_invalid', `${sources.flag} reads the environment variable ${name}, which is not set.`);
}
