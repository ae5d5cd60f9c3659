import { z } from 'zod';
import { isoTimeSchema } from '../names.ts';

export const webhookEventTypeSchema = z.enum([
  'connection.created',
  'connection.reconnected',
  'connection.refreshed',
  'connection.failed',
  'connection.recovered',
  'connection.deleted',
  'records.changed',
  'sync.failed',
  'sync.held',
  'sync.quarantined',
]);
export type WebhookEventType = z.infer<typeof webhookEventTypeSchema>;

/** The body of a delivery, signed in the Standard Webhooks form. */
export const webhookEventSchema = z.object({
  id: z.string(),
  type: webhookEventTypeSchema,
  timestamp: isoTimeSchema,
  environment: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type WebhookEvent = z.infer<typeof webhookEventSchema>;

export const webhookEndpointSchema = z.object({
  id: z.number().int(),
  url: z.url(),
  events: z.array(webhookEventTypeSchema).describe('Empty: all.'),
  description: z.string().nullable(),
  ordered: z.boolean().describe('Events of one connection arrive one after the other, in their order.'),
  disabled: z.boolean(),
  createdAt: isoTimeSchema,
  previousSecretExpiresAt: isoTimeSchema.nullable().describe('Until then both secrets sign.'),
});
export type WebhookEndpoint = z.infer<typeof webhookEndpointSchema>;

export const createWebhookEndpointSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  events: z.array(webhookEventTypeSchema).default([]),
  ordered: z.boolean().default(false),
  description: z.string().max(200).optional(),
});
export type CreateWebhookEndpoint = z.input<typeof createWebhookEndpointSchema>;

export const patchWebhookEndpointSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).optional(),
  events: z.array(webhookEventTypeSchema).optional(),
  ordered: z.boolean().optional(),
  description: z.string().max(200).nullable().optional(),
  disabled: z.boolean().optional(),
});
export type PatchWebhookEndpoint = z.input<typeof patchWebhookEndpointSchema>;

export const createdWebhookEndpointSchema = webhookEndpointSchema.extend({
  secret: z.string().describe('`whsec_` and base64, shown this once.'),
});
export type CreatedWebhookEndpoint = z.infer<typeof createdWebhookEndpointSchema>;

export const webhookDeliverySchema = z.object({
  id: z.number().int(),
  eventId: z.string(),
  type: webhookEventTypeSchema,
  endpointId: z.number().int(),
  status: z.enum(['pending', 'delivered', 'failed']),
  attempts: z.number().int(),
  nextAttemptAt: isoTimeSchema.nullable(),
  lastStatus: z.number().int().nullable().describe('HTTP status of the last answer.'),
  lastError: z.string().nullable(),
  createdAt: isoTimeSchema,
  deliveredAt: isoTimeSchema.nullable(),
});
export type WebhookDelivery = z.infer<typeof webhookDeliverySchema>;
