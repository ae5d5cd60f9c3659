import { z } from 'zod';
import { parameters, template } from './template.ts';

/** A JWT that is made and signed here (RFC 7519). `iat` and `exp` are set from its lifetime. */
export const signedTokenSchema = z.strictObject({
  algorithm: z.enum(['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA', 'HS256', 'HS384', 'HS512']),
  key: template.describe('The private key in PEM, or the shared secret of the HS algorithms.'),
  keyEncoding: z.enum(['utf8', 'hex', 'base64']).default('utf8').describe('Of a shared secret.'),
  keyId: template.optional().describe('`kid` of the header.'),
  header: parameters.describe('More of the header.'),
  claims: parameters.describe('Such as iss, sub, aud; `jti: ${request.nonce}` is another one each time.'),
  lifetimeSeconds: z.number().int().positive().default(300),
  issuedSecondsAgo: z
    .number()
    .int()
    .nonnegative()
    .default(0)
    .describe('Sets `iat` back, for providers that refuse a clock that is ahead of theirs (GitHub).'),
});
export type SignedToken = z.infer<typeof signedTokenSchema>;
