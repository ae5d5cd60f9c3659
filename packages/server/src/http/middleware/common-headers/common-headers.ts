/**
 * How long browsers come by https only, in seconds: two years. Of this host alone: names below it are not this server's
 * to decide about.
 */
export const strictTransportSeconds = 63_072_000;

/**
 * What every answer says: which request it belongs to, that it is not to be kept, that it is what it says it is, and
 * that a browser shows none of it as a page, in a frame, or to another origin. Pages set their own over these.
 */
export function commonHeaders(
  requestId: string,
  { https = false, version }: { https?: boolean; version?: string } = {},
): Record<string, string> {
  return {
    // Command lines and SDKs of another version say with it which side is to be upgraded; /v1/health tells it too.
    ...(version !== undefined && { 'tenon-version': version }),
    'x-request-id': requestId,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    ...(https && { 'strict-transport-security': `max-age=${strictTransportSeconds}` }),
  };
}
