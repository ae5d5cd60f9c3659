import type { ProviderAuth } from './auth/provider-auth.ts';

/**
 * How a customer connects: `form` asks for values and is done; `redirect` sends the browser to the provider and waits
 * for it to come back (values may be asked for before).
 */
export function authFlow(auth: ProviderAuth): 'form' | 'redirect' {
  switch (auth.mode) {
    case 'oauth2':
    case 'app':
    case 'mcp_oauth':
      return 'redirect';
    case 'oauth1':
      return auth.authorizationUrl === undefined ? 'form' : 'redirect';
    default:
      return 'form';
  }
}

/** Whether requests carry a token that is obtained from the provider, or made here, and that ends. */
export function usesToken(auth: ProviderAuth): boolean {
  switch (auth.mode) {
    case 'none':
    case 'api_key':
    case 'basic':
    case 'signature':
      return false;
    case 'oauth1':
      return auth.authorizationUrl !== undefined;
    case 'aws_sigv4':
      return auth.assumeRole !== undefined;
    default:
      return true;
  }
}
