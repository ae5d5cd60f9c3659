import type { WireRequest } from '../send-once.ts';

/** What of a request a signature may cover: as it goes over the wire. */
export type SignableRequest = Pick<WireRequest, 'method' | 'origin' | 'path' | 'headers' | 'body'>;

/** What makes each signature another one. */
export interface SigningMoment {
  /** Unix time in milliseconds. */
  readonly nowMs: number;
  /** Letters and digits that were never used before. */
  readonly nonce: string;
}

export interface RequestSignature {
  /** To add, in place of those of the same name; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Path and query to send in place of the request's; absent: they stay. */
  readonly path?: string;
  /** What must not be shown: with a signature a request can be repeated for as long as its timestamp is good. */
  readonly secrets: readonly string[];
}

/** Signs a request just before it is sent; made for one credential. */
export type RequestSigner = (request: SignableRequest, moment: SigningMoment) => RequestSignature;
