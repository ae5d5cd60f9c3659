import { z } from 'zod';
import { isoTimeSchema, nameSchema } from '../names.ts';
import { apiScopeSchema, createdApiKeySchema } from './keys.ts';

/** A name that a terminal and a page can show: no control characters. */
const hostNameSchema = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{C}]+$/u, 'expected a name without control characters');

/** What a command line asks for that wants a key of its own. */
export const startDeviceLoginSchema = z.strictObject({
  hostName: hostNameSchema.describe('Shown to whoever decides; becomes part of the name of the key.'),
  scopes: z.array(apiScopeSchema).min(1).max(50).optional().describe('Absent: all but admin.'),
  expiresInDays: z.number().int().min(1).max(365).default(90).describe('Life of the key, from when it is collected.'),
});
export type StartDeviceLogin = z.input<typeof startDeviceLoginSchema>;

/** As RFC 8628 section 3.2, in the words of this API. */
export const startedDeviceLoginSchema = z.object({
  deviceCode: z.string().describe('Collects the key; kept by the command line alone.'),
  userCode: z.string().describe('What a person compares and types, such as BCDF-GHJK.'),
  verificationUrl: z.url(),
  verificationUrlComplete: z.url().describe('With the code in it.'),
  expiresInSeconds: z.number().int(),
  intervalSeconds: z.number().int().describe('To wait between two questions; five more after `login_slow_down`.'),
});
export type StartedDeviceLogin = z.infer<typeof startedDeviceLoginSchema>;

export const collectDeviceKeySchema = z.strictObject({ deviceCode: z.string().min(1).max(100) });
export const collectedDeviceKeySchema = createdApiKeySchema.extend({ environment: nameSchema });
export type CollectedDeviceKey = z.infer<typeof collectedDeviceKeySchema>;

/** Case and separators are not told apart, since people type it. */
export const userCodeSchema = z
  .string()
  .max(20)
  .transform((text) => text.toUpperCase().replaceAll(/[\s-]/g, ''))
  .pipe(z.string().regex(/^[BCDFGHJKLMNPQRSTVWXZ]{8}$/, 'expected a code such as BCDF-GHJK'))
  .transform((code) => `${code.slice(0, 4)}-${code.slice(4)}`);

/** A login as whoever decides about it sees it. */
export const deviceLoginSchema = z.object({
  userCode: z.string(),
  hostName: z.string().describe('As the command line says; anybody can say anything.'),
  address: z.string().describe('That it asked from.'),
  requestedAt: isoTimeSchema,
  expiresAt: isoTimeSchema,
  environment: nameSchema.describe('Of the key that asks: the new one belongs to the same.'),
  requestedScopes: z.array(apiScopeSchema),
  grantedScopes: z.array(apiScopeSchema).describe('Those of them that the key which asks can give.'),
  keyExpiresAt: isoTimeSchema.describe('If it is approved now.'),
});
export type DeviceLogin = z.infer<typeof deviceLoginSchema>;

export const approveDeviceLoginSchema = z.strictObject({
  scopes: z.array(apiScopeSchema).min(1).max(50).optional().describe('Fewer than it asks for.'),
});
export type ApproveDeviceLogin = z.input<typeof approveDeviceLoginSchema>;
