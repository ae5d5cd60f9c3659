import type { StartRun } from '../execute/worker-protocol.ts';

/** What one call of a hook is given and must not be shown: the stored credentials, a token, a code. */
export function listHookSecrets({ hook }: StartRun): string[] {
  if (!hook) return [];
  const { credentials, token, authorization } = hook;
  const { accessToken, refreshToken, fields } = token ?? {};
  const { code, codeVerifier } = authorization ?? {};
  const named = [accessToken, refreshToken, code, codeVerifier].filter((value) => value !== undefined);
  return [...Object.values(credentials), ...Object.values(fields ?? {}), ...named];
}
