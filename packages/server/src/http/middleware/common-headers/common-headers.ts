/**
 * What every answer says: which request it belongs to, that it is not to be kept, that it is what it says it is, and,
 * for a browser that is made to show it as a page, that it may do nothing (as helmet would say it of JSON).
 */
export function commonHeaders(requestId: string): Record<string, string> {
  return {
    'x-request-id': requestId,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': apiPolicy,
    'referrer-policy': 'no-referrer',
  };
}

/** Pages have a policy of their own instead. */
export const apiPolicy = "default-src 'none'; frame-ancestors 'none'";
