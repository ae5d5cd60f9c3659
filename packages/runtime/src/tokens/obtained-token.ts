import type { ProviderToken } from '../provider/provider-token.ts';

/** A token, and the answer that it came in, which may tell more about the account. */
export interface ObtainedToken {
  readonly token: ProviderToken;
  readonly answer: object;
}
