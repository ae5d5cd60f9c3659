import type { Connected } from '@tenon/runtime/contract';

/**
 * Where the full page goes at the end: the app's address, which learns from its query what was connected.
 * @returns null when there is none, or when its origin is not allowed (the server checks that too)
 */
export function returnAddress(
  view: { readonly returnUrl: string | null; readonly allowedOrigins: readonly string[] },
  connected: Connected | null,
): string | null {
  if (view.returnUrl === null || !URL.canParse(view.returnUrl)) return null;
  const address = new URL(view.returnUrl);
  if (!view.allowedOrigins.includes(address.origin)) return null;
  if (connected) {
    address.searchParams.set('integration', connected.integration);
    address.searchParams.set('connection', connected.connection);
  }
  return address.href;
}
