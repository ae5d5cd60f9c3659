import { defineProviderHooks, TenonError } from '@tenon/runtime';

/**
 * Ends the token of a deleted connection, and not the whole grant: that would end the tokens of the same person's other
 * connections as well. https://docs.github.com/en/rest/apps/oauth-applications#delete-an-app-token
 */
export default defineProviderHooks({
  async revoke({ token, integration, request }) {
    if (!token) return;
    const { clientId = '', clientSecret = '' } = integration;
    try {
      await request(`/applications/${encodeURIComponent(clientId)}/token`, {
        method: 'DELETE',
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}`,
          'x-github-api-version': '2022-11-28',
        },
        body: { access_token: token.accessToken },
      });
    } catch (error) {
      // 404 and 422: it has ended already, because the person removed the app, say.
      const status = error instanceof TenonError ? error.details?.['status'] : undefined;
      if (status !== 404 && status !== 422) throw error;
    }
  },
});
