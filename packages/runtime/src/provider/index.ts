export { toActiveCredential, type AccessToken } from './active-credential.ts';
export { activeCredentialSchema, credentialsSchema, type ActiveCredential, type Credentials } from './credential.ts';
export { interpolate, type InterpolationValues } from './interpolate.ts';
export { interpolateUrl } from './interpolate-url.ts';
export { loadProvider, type ProviderProblem } from './load-provider.ts';
export {
  paginationSchema,
  providerSchema,
  type Pagination,
  type PaginationInput,
  type Provider,
  type ProviderAuth,
  type ProviderField,
  type ProviderInput,
} from './provider-schema.ts';
export { readPath } from './read-path.ts';
export { validateConnectionConfig, validateCredentials } from './validate-credentials.ts';
