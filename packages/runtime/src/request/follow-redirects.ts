import { TenonError } from '../errors/tenon-error.ts';
import { sendOnce, type Transport, type WireOutcome, type WireRequest } from './send-once.ts';

const maxRedirects = 5;
/** Headers that another origin may see: none that a provider or a script set, as each may carry a credential. */
const neutralHeaders = new Set(['accept', 'accept-encoding', 'user-agent']);

export interface FollowedOutcome {
  readonly outcome: WireOutcome;
  /** The answer comes from another origin, which was not sent the credentials. */
  readonly elsewhere: boolean;
}

function redirectTo(request: WireRequest, location: string, status: number): WireRequest {
  const from = request.origin + request.path;
  const target = URL.canParse(location, from) ? new URL(location, from) : undefined;
  if (!target || (target.protocol !== 'http:' && target.protocol !== 'https:')) {
    throw new TenonError('provider_answer_invalid', `The provider redirects (${status}) to no http(s) address.`);
  }
  const elsewhere = target.origin !== request.origin;
  // RFC 9110 section 15.4: 303 turns into GET; 301 and 302 do so for POST, as every browser does it.
  const becomesGet = (status === 303 && request.method !== 'HEAD') || (status < 303 && request.method === 'POST');
  if (elsewhere && request.body !== null && !becomesGet) {
    throw new TenonError(
      'provider_answer_invalid',
      `The provider redirects (${status}) a ${request.method} to ${target.origin}; its body is not sent to another origin.`,
    );
  }
  const headers = Object.entries(request.headers).filter(([name]) =>
    elsewhere ? neutralHeaders.has(name) : !(becomesGet && name.startsWith('content-')),
  );
  return {
    ...request,
    method: becomesGet ? 'GET' : request.method,
    origin: target.origin,
    path: target.pathname + target.search,
    headers: Object.fromEntries(headers),
    body: becomesGet ? null : request.body,
  };
}

/**
 * Sends a request and follows up to five redirects. The credentials stay with the provider's origin, and are not sent
 * again when another origin redirects back.
 * @param options `sign` completes each request that goes to the provider's origin, just before it is sent; `observe`
 *   is told of each request as it was sent, with what came of it
 * @throws TenonError `provider_answer_invalid` for a redirect that cannot be followed, and what sendOnce throws
 */
export async function sendFollowing(
  request: WireRequest,
  transport: Transport,
  {
    sign,
    observe,
  }: {
    sign?: ((request: WireRequest) => WireRequest | Promise<WireRequest>) | undefined;
    observe?: ((sent: WireRequest, outcome: WireOutcome) => void) | undefined;
  } = {},
): Promise<FollowedOutcome> {
  let current = request;
  let elsewhere = false;
  for (let hops = 0; ; hops += 1) {
    const sent = sign && !elsewhere ? await sign(current) : current;
    const outcome = await sendOnce(sent, transport);
    observe?.(sent, outcome);
    if (outcome.kind !== 'answer') return { outcome, elsewhere };
    const { status, headers } = outcome;
    const isRedirect = status >= 301 && status <= 308 && status !== 304 && status !== 305 && status !== 306;
    const location = isRedirect ? headers['location'] : undefined;
    if (location === undefined) return { outcome, elsewhere };
    if (hops === maxRedirects) {
      throw new TenonError('provider_answer_invalid', `The provider redirected more than ${maxRedirects} times.`, {
        hint: 'Check the address: this is usually a loop between http and https, or to a login page.',
      });
    }
    current = redirectTo(current, location, status);
    elsewhere ||= current.origin !== request.origin;
  }
}
