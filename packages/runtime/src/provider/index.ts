export { activeCredentialSchema, credentialsSchema, type ActiveCredential, type Credentials } from './credential.ts';
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
