import {
  createdWebhookEndpointSchema,
  pageOf,
  webhookDeliverySchema,
  webhookEndpointSchema,
  type CreateWebhookEndpoint,
  type CreatedWebhookEndpoint,
  type Page,
  type WebhookDelivery,
  type WebhookEndpoint,
} from '@tenon/runtime/contract';
import { limitsOf, type CallLimits, type PageRequest } from '../call-limits.ts';
import { anything, type HttpTransport } from '../http-transport.ts';

const endpoints = ['webhooks', 'endpoints'];

/** The routes of webhooks. */
export interface WebhooksApi {
  listWebhookEndpoints(page?: PageRequest): Promise<Page<WebhookEndpoint>>;
  createWebhookEndpoint(endpoint: CreateWebhookEndpoint, limits?: CallLimits): Promise<CreatedWebhookEndpoint>;
  deleteWebhookEndpoint(id: number, limits?: CallLimits): Promise<void>;
  /** For a day both secrets sign. */
  rotateWebhookSecret(id: number, limits?: CallLimits): Promise<CreatedWebhookEndpoint>;
  /** Newest first. */
  listWebhookDeliveries(
    page?: PageRequest & { endpointId?: number | undefined; status?: WebhookDelivery['status'] | undefined },
  ): Promise<Page<WebhookDelivery>>;
  replayWebhookDelivery(id: number, limits?: CallLimits): Promise<WebhookDelivery>;
}

export function createWebhooksApi(http: HttpTransport): WebhooksApi {
  return {
    listWebhookEndpoints: ({ cursor, limit, ...limits } = {}) =>
      http.call({ ...limits, method: 'GET', path: endpoints, query: { cursor, limit } }, pageOf(webhookEndpointSchema)),
    createWebhookEndpoint: (endpoint, limits) =>
      http.call({ ...limits, method: 'POST', path: endpoints, body: endpoint }, createdWebhookEndpointSchema),
    async deleteWebhookEndpoint(id, limits) {
      await http.call({ ...limits, method: 'DELETE', path: [...endpoints, String(id)] }, anything);
    },
    rotateWebhookSecret: (id, limits) =>
      http.call(
        { ...limits, method: 'POST', path: [...endpoints, String(id), 'rotate-secret'] },
        createdWebhookEndpointSchema,
      ),
    listWebhookDeliveries: ({ signal, timeoutMs, ...query } = {}) =>
      http.call(
        { ...limitsOf(signal, timeoutMs), method: 'GET', path: ['webhooks', 'deliveries'], query },
        pageOf(webhookDeliverySchema),
      ),
    replayWebhookDelivery: (id, limits) =>
      http.call(
        { ...limits, method: 'POST', path: ['webhooks', 'deliveries', String(id), 'replay'] },
        webhookDeliverySchema,
      ),
  };
}
