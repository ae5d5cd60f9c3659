import { z } from 'zod';
import { signedTokenSchema } from './signed-token.ts';
import { parameters, path, template } from './template.ts';

/** How an answer says when something ends. */
export const expiryFormatSchema = z.enum(['seconds', 'milliseconds', 'unix_seconds', 'unix_milliseconds', 'date']);

/** Where a token endpoint's answer holds what. The defaults are those of RFC 6749 section 5.1. */
export const tokenAnswerSchema = z.strictObject({
  accessToken: path.default('access_token'),
  refreshToken: path.default('refresh_token'),
  expiresIn: path.default('expires_in'),
  expiryFormat: expiryFormatSchema
    .default('seconds')
    .describe('seconds and milliseconds count from now; the others name a moment (date: ISO 8601 or RFC 9110).'),
  refreshExpiresIn: path.optional().describe('When the refresh token ends, in the same format.'),
  scope: path.default('scope'),
  error: path.default('error').describe('An answer that has a value here is a refusal, whatever its status.'),
  errorDescription: path.default('error_description'),
  grantRefused: z
    .array(z.string().min(1))
    .default([])
    .describe(
      "Parts of the error or its description that mean: the customer's consent or credentials ended. They go before the codes of RFC 6749 section 5.2 (Atlassian says unauthorized_client for an old refresh token).",
    ),
  clientRefused: z
    .array(z.string().min(1))
    .default([])
    .describe('Parts of the error or its description that mean: the app itself is refused.'),
});
export type TokenAnswer = z.infer<typeof tokenAnswerSchema>;

/** How the client proves who it is to the token endpoint (OpenID Connect Core section 9, RFC 6749 section 2.3.1). */
export const clientAuthenticationSchema = z.enum(['basic', 'body', 'private_key_jwt', 'client_secret_jwt', 'none']);
export type ClientAuthentication = z.infer<typeof clientAuthenticationSchema>;

/** What every request to a token endpoint has in common. */
export const tokenRequestFields = {
  clientAuthentication: clientAuthenticationSchema.default('basic'),
  clientAssertionAudience: template
    .optional()
    .describe('`aud` of the JWT that authenticates the client; absent: the token URL.'),
  clientAssertionAlgorithm: signedTokenSchema.shape.algorithm
    .optional()
    .describe('Absent: RS256, ES256, ES384 or EdDSA, as the key is; HS256 for a secret.'),
  clientAssertionHeader: parameters.describe('More of its header, such as x5t for Microsoft Entra.'),
  clientIdParameter: z.string().default('client_id').describe('TikTok calls it client_key.'),
  clientSecretParameter: z.string().default('client_secret').describe('Of a body.'),
  bodyFormat: z.enum(['form', 'json']).default('form'),
  answer: tokenAnswerSchema.prefault({}),
  defaultExpirySeconds: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('Lifetime of an access token where neither the answer nor the token itself tells it.'),
};
