export { ConsentError, type ConsentOptions } from './consent-browser.ts';
export {
  startHostileProxy,
  type HostileAnswer,
  type HostileProxy,
  type PassedRequest,
  type TamperRequest,
} from './hostile-proxy.ts';
export {
  defaultRedirectUri,
  startIdentityProvider,
  testClient,
  type IdentityProvider,
  type IdentityProviderOptions,
} from './start-identity-provider.ts';
