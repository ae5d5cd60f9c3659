export { beginAuthorization } from './begin-authorization.ts';
export { completeAuthorization } from './complete-authorization.ts';
export { obtainAccount } from './obtain-account.ts';
export { obtainToken } from './obtain-token.ts';
export { renewToken } from './renew-token.ts';
export { revokeToken } from './revoke-token.ts';
export type {
  AuthorizationEnd,
  AuthorizationStart,
  AuthorizedAccount,
  PendingAuthorization,
  ReturnedAuthorization,
  StartedAuthorization,
  TokenContext,
  TokenRenewal,
  TokenRequest,
} from './token-context.ts';
