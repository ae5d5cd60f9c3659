import { z } from 'zod';
import { providerFields, providerFieldSchema } from './provider-field.ts';
import { signedTokenSchema } from './signed-token.ts';

export const noneAuthSchema = z.strictObject({ mode: z.literal('none') });

/** Keys that the customer pastes; `headers` and `query` of the provider say where they go. */
export const apiKeyAuthSchema = z.strictObject({
  mode: z.literal('api_key'),
  fields: providerFields.describe('The usual single one is called apiKey.'),
});

export const basicAuthSchema = z.strictObject({
  mode: z.literal('basic'),
  username: providerFieldSchema.optional(),
  password: providerFieldSchema.optional(),
});

/** The token of each hour is signed here with the customer's key, and sent as `Bearer` unless `headers` say otherwise. */
export const jwtAuthSchema = z.strictObject({
  mode: z.literal('jwt'),
  fields: providerFields,
  token: signedTokenSchema,
});
