import { TenonError } from '@tenon/runtime/errors';

export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Unencoded segments after /v1. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON, unless `contentType` says that it is text of another kind. */
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds until the whole answer must be there, repetitions included. Default 30,000. */
  readonly timeoutMs?: number;
  /** Whether a second time changes nothing. Default: of GET and PUT. */
  readonly isRepeatable?: boolean;
}

/** Path and query of a call, from the server's root. */
export function addressOf(call: Pick<ApiCall, 'path' | 'query'>): string {
  const path = call.path.map((segment) => {
    // URL parsers resolve these, so the call would silently reach another address.
    if (segment === '' || segment === '.' || segment === '..') {
      throw new TenonError('usage_invalid', `"${segment}" cannot be a name or an id.`);
    }
    return encodeURIComponent(segment);
  });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) if (value !== undefined) query.set(name, String(value));
  return `/v1/${path.join('/')}${query.size > 0 ? `?${query.toString()}` : ''}`;
}
