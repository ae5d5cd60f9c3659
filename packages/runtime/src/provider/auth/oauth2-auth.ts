import { z } from 'zod';
import { captureSchema } from './capture.ts';
import { providerFields } from './provider-field.ts';
import { signedTokenSchema } from './signed-token.ts';
import { parameters, template } from './template.ts';
import { tokenRequestFields } from './token-answer.ts';

const scopes = z.array(z.string()).default([]);
const revocationParameters = parameters.describe(
  'Beside `token`; a provider that calls that otherwise has ${credential.accessToken} or ${credential.refreshToken} here.',
);

/** What is known of a provider's refresh tokens. */
export const refreshTokenSchema = z.strictObject({
  use: z
    .enum(['reusable', 'rotating', 'none'])
    .default('reusable')
    .describe(
      'rotating: each renewal gives a new one and ends the old one. none: the provider gives no refresh tokens.',
    ),
  lifetimeSeconds: z.number().int().positive().optional().describe('From the consent, or from its last rotation.'),
  idleSeconds: z.number().int().positive().optional().describe('It ends when it was not used for so long.'),
});

/** A customer's consent in the browser: the authorization code grant (RFC 6749 section 4.1) with PKCE (RFC 7636). */
export const oauth2AuthSchema = z.strictObject({
  mode: z.literal('oauth2'),
  authorizationUrl: template,
  tokenUrl: template,
  refreshUrl: template.optional().describe('Where renewals go; absent: the token URL.'),
  revocationUrl: template.optional().describe('Asked to end the tokens of a deleted connection (RFC 7009).'),
  revocationParameters,
  issuer: template.optional().describe('Checked against `iss` of the redirect (RFC 9207) and of ID tokens.'),
  jwksUrl: template
    .optional()
    .describe('Keys of the issuer. With it an ID token is asked for, and checked with its nonce.'),
  pkce: z.enum(['S256', 'none']).default('S256').describe('none: only for providers that refuse the parameters.'),
  scopes: scopes.describe('Asked for, unless the integration says otherwise.'),
  scopeSeparator: z.string().default(' '),
  scopeParameter: z.string().default('scope'),
  redirectUri: template
    .optional()
    .describe(
      "What `redirect_uri` says in place of the callback address: a name for it that was registered (eBay's RuName).",
    ),
  authorizationParameters: parameters.describe(
    'Such as access_type: offline, which makes Google give a refresh token.',
  ),
  tokenParameters: parameters,
  refreshParameters: parameters,
  refreshToken: refreshTokenSchema.prefault({}),
  capture: captureSchema,
  ...tokenRequestFields,
});

/** Credentials of the customer, or of the app for a customer's tenant: RFC 6749 section 4.4. */
export const clientCredentialsAuthSchema = z.strictObject({
  mode: z.literal('oauth2_client_credentials'),
  client: z
    .enum(['connection', 'integration'])
    .default('connection')
    .describe(
      'Whose client it is: pasted by the customer, or the same for all (then ${connection.*} names the tenant).',
    ),
  tokenUrl: template,
  revocationUrl: template.optional(),
  revocationParameters,
  scopes,
  scopeSeparator: z.string().default(' '),
  tokenParameters: parameters,
  capture: captureSchema,
  ...tokenRequestFields,
});

/** A signed statement is exchanged for a token (RFC 7523 section 2.1): service accounts. */
export const jwtBearerAuthSchema = z.strictObject({
  mode: z.literal('oauth2_jwt_bearer'),
  fields: providerFields.default({}).describe('What the customer pastes.'),
  tokenUrl: template,
  grantType: z.string().default('urn:ietf:params:oauth:grant-type:jwt-bearer'),
  assertion: signedTokenSchema,
  scopes,
  scopeSeparator: z.string().default(' '),
  tokenParameters: parameters,
  capture: captureSchema,
  ...tokenRequestFields,
  clientAuthentication: tokenRequestFields.clientAuthentication.unwrap().default('none'),
});

/** A remote MCP server: everything is discovered, and the client registers itself (RFC 9728, 8414, 7591, 8707). */
export const mcpOauthAuthSchema = z.strictObject({
  mode: z.literal('mcp_oauth'),
  resourceUrl: template.describe("The MCP server's address."),
  clientName: z.string().default('Tenon'),
  scopes,
});
