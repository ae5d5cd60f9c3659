import { z } from 'zod';
import { captureSchema } from './capture.ts';
import { providerFields } from './provider-field.ts';
import { parameters, template } from './template.ts';

/**
 * OAuth 1.0a (RFC 5849): every request is signed. With an authorization URL the customer consents in the browser;
 * without one the customer pastes a token (NetSuite's token-based authentication).
 */
export const oauth1AuthSchema = z.strictObject({
  mode: z.literal('oauth1'),
  requestTokenUrl: template.optional(),
  authorizationUrl: template.optional(),
  accessTokenUrl: template.optional(),
  signatureMethod: z.enum(['HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA1', 'PLAINTEXT']).default('HMAC-SHA1'),
  realm: template.optional(),
  authorizationParameters: parameters,
  fields: providerFields.default({}).describe('What the customer pastes where there is no consent in the browser.'),
  consumerKey: template.default('${integration.clientId}'),
  consumerSecret: template.default('${integration.clientSecret}').describe('With RSA-SHA1: the private key in PEM.'),
  token: template.default('${credential.token}'),
  tokenSecret: template.default('${credential.tokenSecret}'),
  capture: captureSchema,
});
