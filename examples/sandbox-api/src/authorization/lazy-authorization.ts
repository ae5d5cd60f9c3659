import type { SandboxSettings } from '../sandbox-options.ts';
import { createAuthorizationServer, type AuthorizationServer } from './authorization-server.ts';

/** The authorization server of a sandbox, which is made when it is first needed. */
export interface LazyAuthorization {
  get(): Promise<AuthorizationServer>;
  /** Undefined: nobody needed it, so it has given no tokens. */
  getIfMade(): Promise<AuthorizationServer | undefined>;
}

/** @param url of the sandbox, which is known once it listens */
export function createLazyAuthorization(
  settings: SandboxSettings,
  { url, now }: { url: () => string; now: () => number },
): LazyAuthorization {
  let made: Promise<AuthorizationServer> | undefined;
  return {
    get: () => (made ??= createAuthorizationServer(settings, { url: url(), now })),
    getIfMade: async () => made,
  };
}
