import { z } from 'zod';
import { appAuthSchema } from './app-auth.ts';
import { apiKeyAuthSchema, basicAuthSchema, jwtAuthSchema, noneAuthSchema } from './key-auth.ts';
import { oauth1AuthSchema } from './oauth1-auth.ts';
import {
  clientCredentialsAuthSchema,
  jwtBearerAuthSchema,
  mcpOauthAuthSchema,
  oauth2AuthSchema,
} from './oauth2-auth.ts';
import { awsSigv4AuthSchema, signatureAuthSchema } from './signing-auth.ts';
import { tokenExchangeAuthSchema } from './token-exchange-auth.ts';

/** How an API knows whose account a request is for. */
export const providerAuthSchema = z.discriminatedUnion('mode', [
  noneAuthSchema,
  apiKeyAuthSchema,
  basicAuthSchema,
  oauth2AuthSchema,
  clientCredentialsAuthSchema,
  jwtBearerAuthSchema,
  mcpOauthAuthSchema,
  oauth1AuthSchema,
  jwtAuthSchema,
  appAuthSchema,
  tokenExchangeAuthSchema,
  awsSigv4AuthSchema,
  signatureAuthSchema,
]);
export type ProviderAuth = z.infer<typeof providerAuthSchema>;
export type AuthMode = ProviderAuth['mode'];
/** The declaration of one mode. */
export type AuthOf<Mode extends AuthMode> = Extract<ProviderAuth, { mode: Mode }>;

export const authModeSchema = z.enum(providerAuthSchema.options.map((option) => option.shape.mode.value));
