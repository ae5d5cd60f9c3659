import type { Connected } from '@tenon/runtime/contract';
import type { ConnectFailure } from '../api/connect-failure.ts';

/** What the page shows. `integration` is a name. */
export type Screen =
  | { readonly name: 'pick' }
  | {
      readonly name: 'integration';
      readonly integration: string;
      /** Why the last try did not work. */
      readonly failure: ConnectFailure | null;
      readonly isBusy: boolean;
    }
  | {
      readonly name: 'waiting';
      readonly integration: string;
      /** Null while the server is asked for the provider's address. */
      readonly url: string | null;
      readonly window: 'open' | 'blocked' | 'closed';
    }
  | { readonly name: 'connected'; readonly connected: Connected }
  | { readonly name: 'expired' };

/** The screen that a session begins with: nothing is chosen where there is one choice only. */
export function firstScreen(view: {
  readonly integrations: readonly { readonly name: string }[];
  readonly reconnect: { readonly integration: string } | null;
}): Screen {
  const [only, ...others] = view.integrations;
  const integration = view.reconnect?.integration ?? (others.length === 0 ? only?.name : undefined);
  const isThere = view.integrations.some(({ name }) => name === integration);
  return integration !== undefined && isThere
    ? { name: 'integration', integration, failure: null, isBusy: false }
    : { name: 'pick' };
}
