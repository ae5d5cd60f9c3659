import { z } from 'zod';
import { providerFields } from './provider-field.ts';
import { fieldName, headerName, parameters, path, template } from './template.ts';
import { expiryFormatSchema } from './token-answer.ts';

/** One request of a chain. Its templates may name `${step.<field>}` of what earlier steps captured. */
const stepSchema = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT']).default('POST'),
  url: template,
  headers: z.record(headerName, template).default({}),
  query: parameters,
  body: parameters,
  bodyFormat: z.enum(['json', 'form', 'none']).default('json'),
  capture: z
    .record(
      fieldName,
      z.strictObject({
        from: z.enum(['body', 'header', 'cookie']).default('body'),
        path: path.describe('In a JSON body, or the name of the header or cookie. `$` is the whole body (Magento).'),
      }),
    )
    .default({}),
});

/** The customer's credentials are exchanged for a session, in one request or several; renewed by doing it again. */
export const tokenExchangeAuthSchema = z.strictObject({
  mode: z.literal('token_exchange'),
  fields: providerFields,
  steps: z.array(stepSchema).min(1),
  credential: z
    .record(fieldName, template)
    .describe('What requests may use as ${credential.<field>}, such as accessToken: ${step.token}.'),
  expiry: z.strictObject({ value: template, format: expiryFormatSchema }).optional(),
  defaultExpirySeconds: z.number().int().positive().optional(),
});
