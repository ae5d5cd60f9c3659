import type { FastifyInstance } from 'fastify';
import type { SandboxContext } from '../sandbox-context.ts';

/** What the API is, for whoever opens its address in a browser. */
export function registerDescription(app: FastifyInstance, { settings }: SandboxContext): void {
  const text = `A made-up issue tracker and CRM, for trying things out. Nothing in it is real, nothing of it is kept.

Authentication
  x-api-key: the API key
  authorization: Bearer <token> from POST /oauth/token (client credentials, RFC 6749 section 4.4; ${settings.tokenSeconds} s)
  authorization: Bearer <token> of a customer who consented, from the authorization server at /oidc
                              GET  /oidc/authorize   authorization code with PKCE (S256), then a page with Allow and Deny
                              POST /oidc/token       authorization_code, refresh_token (rotating); /oidc/revoke (RFC 7009)
                              POST /oidc/register    registers a client (RFC 7591); /oidc/.well-known/openid-configuration
                              scopes: issues:read issues:write contacts:read openid offline_access

Reading
  GET /me                     who the credentials belong to
  GET /issues                 ?page=&per_page=&since=&state=open|closed|all&sort=created|updated&direction=asc|desc
                              a list; further pages in the Link header (RFC 8288); at most ${settings.maxPageSize} a page
  GET /issues/deleted         ?after=<sequence>&limit= -> { data: [{ sequence, id, deletedAt }], last, hasMore }
  GET /issues/:id
  GET /contacts               ?cursor=&limit= -> { data, nextCursor, hasMore }
  GET /contacts/:id
  GET /companies              ?offset=&limit= -> { data, total, offset, limit }
  GET /companies/:id
  GET /users                  a list

Writing
  POST /issues                { title, body?, project?, state?, labels?, assignee?, priority? } -> 201
  PATCH /issues/:id           any of them
  DELETE /issues/:id          -> 204

Errors are { error: { code, message, details? } }. Rate limits, where set, are told in x-ratelimit-limit,
x-ratelimit-remaining and x-ratelimit-reset (Unix seconds); beyond them the answer is 429 with Retry-After.

Behind the stage, without authentication
  POST /_control/advance      { kind?, updates?, deletes?, adds?, sameInstant? } lets time pass; says which items changed
  POST /_control/chaos        { mode: off|rate_limited|server_error|html_error|slow|truncated|broken_json|reset|refused|
                              unauthorized|shuffled|duplicated|empty|drifted|storm, every?, times?, path?, status?,
                              retryAfterSeconds?, tells?: seconds|date|reset, delayMs?, forMs?, seed?, share? }
  POST /_control/rate-limit   { rateLimit: { limit, windowSeconds? } | null }
  POST /_control/api-key      { apiKey } rotates it
  POST /_control/expire-tokens    access tokens end; refresh tokens stay good
  POST /_control/revoke-tokens    every token and every consent ends
  POST /_control/refuse-refresh   { refuse } no refresh token is known any more
  POST /_control/reset        everything as it began
  POST /_control/mark         takes the time of the next request, see stats
  GET  /_control/truth        everything that lives, by kind
  GET  /_control/stats        requests by route, answers by status
  GET  /_control/health
`;
  app.get('/', (_request, reply) => reply.type('text/plain; charset=utf-8').send(text));
}
