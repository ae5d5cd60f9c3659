import { defineProviderHooks, refuseCredentials, TenonError, z } from '@tenon/runtime';

const tokenUrl = 'https://api.instagram.com/oauth/access_token';

/** As documented in a list; answers without it were seen too. */
const shortAnswer = z.union([
  z.object({ data: z.array(z.object({ access_token: z.string() })).min(1) }),
  z.object({ access_token: z.string() }),
]);
const longAnswer = z.object({ access_token: z.string(), expires_in: z.number() });

export default defineProviderHooks({
  async obtainToken({ authorization, integration, request }) {
    if (!authorization) throw new Error('Instagram gives tokens for codes alone.');
    const { clientId = '', clientSecret = '' } = integration;
    const { data } = await request(tokenUrl, {
      method: 'POST',
      body: new URLSearchParams({
        client_id: clientId,
        client_secret: clientSecret,
        grant_type: 'authorization_code',
        redirect_uri: authorization.redirectUri,
        code: authorization.code,
      }),
    });
    const short = shortAnswer.parse(data);
    const shortToken = 'data' in short ? (short.data[0]?.access_token ?? '') : short.access_token;
    const long = await request('/access_token', {
      params: { grant_type: 'ig_exchange_token', client_secret: clientSecret, access_token: shortToken },
    });
    return readLongToken(long.data);
  },

  async renewToken({ token, request }) {
    try {
      const { data } = await request('/refresh_access_token', {
        params: { grant_type: 'ig_refresh_token', access_token: token.accessToken },
      });
      return readLongToken(data);
    } catch (error) {
      // The Graph API's code for a token that ended, or that its owner took back.
      if (/"code"\s*:\s*190\b/.test(readBody(error))) refuseCredentials('Instagram says that the token is not valid.');
      throw error;
    }
  },
});

function readLongToken(data: unknown): { accessToken: string; expiresInSeconds: number } {
  const { access_token: accessToken, expires_in: expiresInSeconds } = longAnswer.parse(data);
  return { accessToken, expiresInSeconds };
}

function readBody(error: unknown): string {
  return error instanceof TenonError ? String(error.details?.['body'] ?? '') : '';
}
