import { tokenAnswerSchema } from '../../provider/auth/token-answer.ts';
import type { EndpointFacts } from '../endpoint/ask-token-endpoint.ts';
import { integrationClient, type TokenClient } from '../endpoint/token-client.ts';
import type { TokenContext } from '../token-context.ts';
import type { Registration } from './registration.ts';

/** Authorization servers of MCP follow the specifications: nothing is declared for them. */
export function mcpEndpoint({ clientAuthentication }: Registration): EndpointFacts {
  return {
    clientAuthentication,
    clientAssertionHeader: {},
    clientIdParameter: 'client_id',
    clientSecretParameter: 'client_secret',
    bodyFormat: 'form',
    answer: tokenAnswerSchema.parse({}),
  };
}

/**
 * The client of one connection: the one that was registered for it, or the integration's own. When a registered one is
 * refused, connecting again registers another.
 */
export function mcpClient(context: TokenContext, { clientId, clientSecret }: Registration): TokenClient {
  const own = integrationClient(context);
  return own.clientId === clientId ? own : { owner: 'registration', clientId, clientSecret };
}
