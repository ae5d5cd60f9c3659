export { toActiveCredential } from './active-credential.ts';
export type { AuthMode, AuthOf, ProviderAuth } from './auth/provider-auth.ts';
export { authModeSchema } from './auth/provider-auth.ts';
export type { ProviderField } from './auth/provider-field.ts';
export type { SignedToken } from './auth/signed-token.ts';
export { authFlow, usesToken } from './auth-flow.ts';
export { captureOf } from './capture-of.ts';
export {
  activeCredentialSchema,
  credentialsSchema,
  type ActiveCredential,
  type Credentials,
  type CredentialsOf,
} from './credential.ts';
export { defaultVariableName } from './default-variable-name.ts';
export { fillDefaults, findFieldProblems, type FieldProblem } from './field-problems.ts';
export { interpolate, type InterpolationValues } from './interpolate.ts';
export { interpolateUrl } from './interpolate-url.ts';
export { askedCredentialFields, listCredentialFields } from './list-credential-fields.ts';
export { listIntegrationFields } from './list-integration-fields.ts';
export { matchesPattern } from './matches-pattern.ts';
export { loadProvider, type ProviderProblem } from './load-provider.ts';
export {
  categorySchema,
  paginationSchema,
  providerSchema,
  type Pagination,
  type PaginationInput,
  type Provider,
  type ProviderInput,
  type LimitScope,
} from './provider-schema.ts';
export { providerTokenSchema, type ProviderToken } from './provider-token.ts';
export { signedRequestNames } from './template-problems.ts';
export { readPath } from './read-path.ts';
export { validateConnectionConfig, validateCredentials } from './validate-credentials.ts';
