import { Agent, type Dispatcher } from 'undici';
import { providerSchema, type ProviderInput } from '../../provider/provider-schema.ts';
import { startLocalApi, type AnswerRequest, type LocalApi } from '../../testing/local-api.ts';
import { createSkippingClock, type SkippingClock } from '../../testing/skipping-clock.ts';
import type { TokenContext } from '../token-context.ts';

export interface StartedTokenContext {
  readonly context: TokenContext & { readonly dispatcher: Dispatcher; readonly clock: SkippingClock };
  readonly api: LocalApi;
  close(): Promise<void>;
}

/** The provider's time, in seconds and milliseconds: 2030-01-01. */
export const localNowMs = Date.UTC(2030, 0, 1);

/** Starts a local provider of tokens. Its addresses begin with `${connection.base}`. */
export async function startTokenContext(options: {
  auth: ProviderInput['auth'];
  answer: AnswerRequest;
  provider?: Partial<ProviderInput>;
  integration?: Record<string, string>;
  config?: Record<string, string>;
}): Promise<StartedTokenContext> {
  const api = await startLocalApi(options.answer);
  const dispatcher = new Agent();
  const provider = providerSchema.parse({
    name: 'acme',
    displayName: 'Acme',
    docs: 'https://example.com',
    sources: ['https://example.com'],
    auth: options.auth,
    connection: { base: { title: 'Base', default: api.url } },
    baseUrl: 'https://unused.example',
    ...options.provider,
  });
  return {
    api,
    context: {
      provider,
      integration: options.integration ?? {},
      config: { base: api.url, ...options.config },
      dispatcher,
      clock: createSkippingClock(() => localNowMs),
      signal: new AbortController().signal,
    },
    async close() {
      await dispatcher.destroy();
      await api.close();
    },
  };
}
