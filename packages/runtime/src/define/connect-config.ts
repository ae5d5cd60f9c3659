import { z } from 'zod';
import { connectThemeSchema } from '../contract/api/connect.ts';

const origin = z
  .url()
  .refine(
    (text) => URL.canParse(text) && new URL(text).origin === text,
    'expected an origin such as https://app.example.com',
  );

/** `connect` of tenon.config.ts: the hosted page on which customers connect their accounts. */
export const connectConfigSchema = z.strictObject({
  theme: connectThemeSchema.prefault({}),
  allowedOrigins: z
    .array(origin)
    .default([])
    .describe('Of the app: which windows may open the page and hear of its result, and where it may return to.'),
  languages: z
    .record(z.string(), z.record(z.string(), z.string()))
    .default({})
    .describe('Texts to replace, by language and key.'),
});
export type ConnectConfig = z.infer<typeof connectConfigSchema>;
