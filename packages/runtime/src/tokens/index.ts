export { obtainToken } from './obtain-token.ts';
export type {
  AuthorizationEnd,
  AuthorizationStart,
  AuthorizedAccount,
  PendingAuthorization,
  StartedAuthorization,
  TokenContext,
  TokenRenewal,
  TokenRequest,
} from './token-context.ts';
