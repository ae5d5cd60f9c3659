import { Agent } from 'undici';
import type { ScriptRequests } from '../define/script-requests.ts';
import type { ActiveCredential } from '../provider/credential.ts';
import { providerSchema, type Provider, type ProviderInput } from '../provider/provider-schema.ts';
import type { RequestLogEntry } from '../request/perform-call.ts';
import { createProviderClient, type ProviderClientOptions } from '../request/provider-client.ts';
import { startLocalApi, type AnswerRequest, type LocalApi } from './local-api.ts';
import { createSkippingClock, type SkippingClock } from './skipping-clock.ts';

export interface LocalProvider {
  readonly api: LocalApi;
  readonly client: ScriptRequests;
  readonly clock: SkippingClock;
  readonly log: RequestLogEntry[];
  /** Aborts the client's signal. */
  readonly abort: (reason: Error) => void;
  readonly provider: Provider;
  /** What the client was made with. */
  readonly clientOptions: ProviderClientOptions;
  close(): Promise<void>;
}

export interface LocalProviderOptions {
  /** On top of a provider with an API key in the header x-api-key. */
  provider?: Partial<ProviderInput>;
  client?: Partial<ProviderClientOptions>;
  answer: AnswerRequest;
}

/** The API key that a local provider's client sends. */
export const localApiKey = 'key-0123456789';

/** Starts a local API and a provider client for it; waits take no time. */
export async function startLocalProvider(options: LocalProviderOptions): Promise<LocalProvider> {
  const api = await startLocalApi(options.answer);
  const provider = providerSchema.parse({
    name: 'acme',
    displayName: 'Acme',
    docs: 'https://example.com',
    sources: ['https://example.com'],
    auth: { mode: 'api_key', fields: { apiKey: { title: 'API key', secret: true } } },
    headers: { 'x-api-key': '${credential.apiKey}' },
    baseUrl: api.url,
    ...options.provider,
  });
  const credential: ActiveCredential = { mode: 'api_key', fields: { apiKey: localApiKey } };
  const controller = new AbortController();
  const dispatcher = new Agent();
  const clock = createSkippingClock();
  const log: RequestLogEntry[] = [];
  const clientOptions: ProviderClientOptions = {
    provider,
    credential: () => credential,
    connection: { id: 'customer-1', config: {} },
    dispatcher,
    clock,
    log: (entry) => log.push(entry),
    signal: controller.signal,
    ...options.client,
  };
  const client = createProviderClient(clientOptions);
  return {
    api,
    client,
    clock,
    log,
    provider,
    clientOptions,
    abort: (reason) => controller.abort(reason),
    async close() {
      await dispatcher.destroy();
      await api.close();
    },
  };
}
