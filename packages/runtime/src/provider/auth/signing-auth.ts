import { z } from 'zod';
import { providerFields } from './provider-field.ts';
import { headerName, parameters, template } from './template.ts';

/** AWS Signature Version 4, with the customer's keys or with a role that the customer lets the app take (STS). */
export const awsSigv4AuthSchema = z.strictObject({
  mode: z.literal('aws_sigv4'),
  fields: providerFields.default({}),
  service: template.describe("The service's signing name, such as s3."),
  region: template,
  accessKeyId: template.default('${credential.accessKeyId}'),
  secretAccessKey: template.default('${credential.secretAccessKey}'),
  sessionToken: template.optional(),
  assumeRole: z
    .strictObject({
      roleArn: template,
      externalId: template.optional().describe('Against the confused deputy: one for each customer.'),
      sessionName: z.string().default('tenon'),
      durationSeconds: z.number().int().min(900).max(43_200).default(3_600),
    })
    .optional()
    .describe('With the keys above, which then are those of the integration.'),
});

/**
 * A signature of the vendor's own making, as data. `message` may name `${request.method}`, `${request.url}`,
 * `${request.path}`, `${request.query}`, `${request.pathAndQuery}`, `${request.host}`, `${request.body}`,
 * `${request.bodySha256}`, `${request.timestamp}` and `${request.nonce}`; `headers` and `query` those and `${request.signature}`.
 */
export const signatureAuthSchema = z.strictObject({
  mode: z.literal('signature'),
  fields: providerFields,
  algorithm: z.enum(['hmac-sha1', 'hmac-sha256', 'hmac-sha512', 'rsa-sha256', 'ed25519']),
  key: template,
  keyEncoding: z.enum(['utf8', 'hex', 'base64']).default('utf8').describe('Of an HMAC key; the others are PEM.'),
  message: template,
  timestamp: z.enum(['unix_seconds', 'unix_milliseconds', 'iso8601']).default('unix_seconds'),
  encoding: z.enum(['hex', 'base64', 'base64url']).default('hex'),
  headers: z.record(headerName, template).default({}),
  query: parameters,
});
