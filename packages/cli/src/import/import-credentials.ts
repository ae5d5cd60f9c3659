import { TenonError } from '@tenon/runtime/errors';

type Given = Readonly<Record<string, unknown>>;

/** Names that other systems export for the same things. */
const otherNames: Readonly<Record<string, string>> = {
  access_token: 'accessToken',
  refresh_token: 'refreshToken',
  expires_at: 'expiresAt',
  scope: 'scopes',
  oauth_token: 'token',
  oauth_token_secret: 'tokenSecret',
  client_id: 'clientId',
  client_secret: 'clientSecret',
};

const flatModes = new Set(['none', 'basic', 'oauth2_client_credentials', 'app']);

/**
 * Puts values into the shape that the server takes for an auth mode; what is not right about them the schema says.
 * @returns what credentialsSchema is then asked about
 */
export function buildImportCredentials(mode: string, values: Given): Record<string, unknown> {
  const given = Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => name !== 'mode')
      .map(([name, value]) => [otherNames[name] ?? name, value]),
  );
  if (flatModes.has(mode)) return { mode, ...given };
  if (mode !== 'oauth2' && mode !== 'mcp_oauth') {
    const { values: nested, ...flat } = given;
    return { mode, values: { ...flat, ...(typeof nested === 'object' && nested !== null ? nested : {}) } };
  }
  const { expiresAt, scopes, ...tokens } = given;
  return {
    mode,
    ...tokens,
    ...(expiresAt !== undefined && expiresAt !== null && { expiresAt: readTime(expiresAt) }),
    ...(scopes !== undefined && scopes !== null && mode === 'oauth2' && { scopes: readScopes(scopes) }),
  };
}

/** ISO 8601, or Unix time in seconds or milliseconds (which differ by a factor that no lifetime has). */
function readTime(value: unknown): string {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value));
  const number = Number(value);
  const ms = isNumber ? (number < 100_000_000_000 ? number * 1_000 : number) : Date.parse(String(value));
  if (Number.isFinite(ms)) return new Date(ms).toISOString();
  throw new TenonError('request_invalid', 'expiresAt: expected a time such as 2026-01-31T12:00:00Z, or Unix time.');
}

function readScopes(value: unknown): unknown {
  return typeof value === 'string' ? value.split(/[\s,]+/).filter(Boolean) : value;
}
