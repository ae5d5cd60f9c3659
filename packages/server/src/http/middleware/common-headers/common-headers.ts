/** What every answer says: which request it belongs to, that it is not to be kept, and that it is what it says it is. */
export function commonHeaders(requestId: string): Record<string, string> {
  return { 'x-request-id': requestId, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
}
