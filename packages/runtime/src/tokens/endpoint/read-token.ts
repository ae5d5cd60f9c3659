import { TenonError } from '../../errors/tenon-error.ts';
import type { TokenAnswer } from '../../provider/auth/token-answer.ts';
import type { ProviderToken } from '../../provider/provider-token.ts';
import { readPath } from '../../provider/read-path.ts';
import { readMoment, readTokenExpiry } from './read-expiry.ts';

export interface TokenAnswerFacts {
  /** The provider's display name. */
  readonly provider: string;
  readonly answer: TokenAnswer;
  readonly scopeSeparator?: string;
  readonly defaultExpirySeconds?: number | undefined;
  readonly nowMs: number;
}

function readText(values: object, path: string): string | undefined {
  const value = readPath(values, path);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** Granted scopes: a list, or a text; GitHub and Slack separate by commas where RFC 6749 section 3.3 has spaces. */
function readScopes(value: unknown, separator: string): string[] | undefined {
  const parts = typeof value === 'string' ? value.split(separator).flatMap((part) => part.split(/[\s,]+/)) : value;
  if (!Array.isArray(parts)) return undefined;
  const scopes = parts.filter((part): part is string => typeof part === 'string' && part !== '');
  return scopes.length === 0 ? undefined : scopes;
}

function failAnswer({ provider, answer }: TokenAnswerFacts, values: object): never {
  const found = readPath(values, answer.accessToken);
  const keys = Object.keys(values).join(', ') || 'nothing';
  throw new TenonError(
    'provider_answer_invalid',
    found === undefined
      ? `The token endpoint of ${provider} gave no ${answer.accessToken} (RFC 6749 section 5.1); the answer has: ${keys}.`
      : `The token endpoint of ${provider} gave a ${answer.accessToken} that is no text, or an empty one.`,
    { hint: "Check the token URL, the body's format and the answer's paths in the provider's auth section." },
  );
}

/**
 * Reads a token from the answer of a token endpoint. Blank values are absent ones.
 * @throws TenonError `provider_answer_invalid`
 */
export function readToken(values: object, facts: TokenAnswerFacts): ProviderToken {
  const { answer, nowMs } = facts;
  const accessToken = readText(values, answer.accessToken) ?? failAnswer(facts, values);
  const refreshToken = readText(values, answer.refreshToken);
  const scopes = readScopes(readPath(values, answer.scope), facts.scopeSeparator ?? ' ');
  const expiresAtMs = readTokenExpiry(accessToken, {
    said: readPath(values, answer.expiresIn),
    format: answer.expiryFormat,
    defaultSeconds: facts.defaultExpirySeconds,
    nowMs,
  });
  const refreshExpiresAtMs =
    answer.refreshExpiresIn === undefined
      ? undefined
      : readMoment(readPath(values, answer.refreshExpiresIn), answer.expiryFormat, nowMs);
  return {
    accessToken,
    ...(expiresAtMs !== undefined && { expiresAtMs }),
    ...(refreshToken !== undefined && { refreshToken }),
    ...(refreshExpiresAtMs !== undefined && { refreshExpiresAtMs }),
    ...(scopes && { scopes }),
  };
}
