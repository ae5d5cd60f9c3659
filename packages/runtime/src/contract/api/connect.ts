import { z } from 'zod';
import { authModeSchema } from '../../provider/auth/provider-auth.ts';
import { providerFieldSchema } from '../../provider/auth/provider-field.ts';
import { connectionIdSchema, isoTimeSchema, jsonSchemaSchema, nameSchema } from '../names.ts';
import { errorBodySchema } from './error-body.ts';

const texts = z.record(z.string(), z.string());
const jsonObject = z.record(z.string(), z.unknown());

/** A customer of the app: who connects. Kept with the connection, so that lists can be read by people. */
export const endUserSchema = z.strictObject({
  id: z.string().min(1).max(255),
  email: z.email().optional(),
  displayName: z.string().max(200).optional(),
  organization: z
    .strictObject({ id: z.string().min(1).max(255), displayName: z.string().max(200).optional() })
    .optional(),
});
export type EndUser = z.infer<typeof endUserSchema>;

export const createConnectSessionSchema = z.strictObject({
  endUser: endUserSchema,
  integrations: z.array(nameSchema).min(1).optional().describe('What may be connected; absent: every integration.'),
  connection: connectionIdSchema.optional().describe("Name of the connection that is made; absent: the end user's id."),
  reconnect: z
    .strictObject({ integration: nameSchema, connection: connectionIdSchema })
    .optional()
    .describe('Renews the authorisation of this connection, which keeps its records; nothing else can be connected.'),
  defaults: z
    .record(
      nameSchema,
      z.strictObject({
        config: texts.optional().describe('Not asked for any more.'),
        settings: jsonObject.optional(),
        metadata: jsonObject.optional(),
        scopes: z.array(z.string()).optional(),
        authorizationParameters: texts.optional(),
      }),
    )
    .default({})
    .describe('By integration.'),
  expiresInSeconds: z.number().int().min(60).max(86_400).default(1_800),
  returnUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where the full page goes at the end; its origin must be allowed.'),
  language: z.string().max(35).optional().describe('BCP 47; absent: as the browser asks.'),
});
export type CreateConnectSession = z.input<typeof createConnectSessionSchema>;
export type ConnectSessionRequest = z.output<typeof createConnectSessionSchema>;

export const connectSessionSchema = z.object({
  id: z.string(),
  token: z.string().describe('Good for this one purpose until it expires; may be given to a browser.'),
  url: z.url().describe('The hosted page with the token in its fragment, which is sent to no server.'),
  expiresAt: isoTimeSchema,
});
export type ConnectSession = z.infer<typeof connectSessionSchema>;

/** One field of the form. */
export const connectFieldSchema = providerFieldSchema.extend({
  name: z.string(),
  group: z.enum(['credential', 'config']),
});
export type ConnectField = z.infer<typeof connectFieldSchema>;

export const connectIntegrationSchema = z.object({
  name: nameSchema,
  provider: nameSchema,
  displayName: z.string(),
  categories: z.array(z.string()),
  docs: z.string(),
  help: z.string().nullable().describe('Where the customer finds what is asked for.'),
  authMode: authModeSchema,
  flow: z.enum(['form', 'redirect']),
  fields: z.array(connectFieldSchema),
  settings: jsonSchemaSchema.nullable().describe('Of the syncs, together; null: there are none to choose.'),
  scopes: z.array(z.string()),
  unavailable: z.string().nullable().describe('Why it cannot be connected now, such as a missing client id.'),
});
export type ConnectIntegration = z.infer<typeof connectIntegrationSchema>;

/** How the page looks: `connect` in tenon.config.ts. */
export const connectThemeSchema = z.strictObject({
  appName: z.string().max(80).optional(),
  logoUrl: z.url({ protocol: /^https?$/ }).optional(),
  accentColor: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'expected a colour such as #3355ff')
    .optional(),
  colorScheme: z.enum(['light', 'dark', 'auto']).default('auto'),
  radius: z.number().int().min(0).max(24).default(8).describe('Of corners, in pixels.'),
});
export type ConnectTheme = z.infer<typeof connectThemeSchema>;

/** What the page needs to draw itself. */
export const connectViewSchema = z.object({
  endUser: endUserSchema,
  integrations: z.array(connectIntegrationSchema),
  connected: z.array(z.object({ integration: nameSchema, connection: connectionIdSchema })),
  reconnect: z.object({ integration: nameSchema, connection: connectionIdSchema }).nullable(),
  theme: connectThemeSchema,
  language: z.string().nullable(),
  texts: z.record(z.string(), texts).optional().describe('Texts of the page to replace, by language and key.'),
  returnUrl: z.string().nullable(),
  allowedOrigins: z.array(z.string()).describe('Windows of these origins may hear of the result.'),
  expiresAt: isoTimeSchema,
});
export type ConnectView = z.infer<typeof connectViewSchema>;

const chosen = {
  integration: nameSchema,
  config: texts.default({}),
  settings: jsonObject.optional(),
};

/** The form was filled in. */
export const submitConnectionSchema = z.strictObject({
  ...chosen,
  values: texts.default({}).describe('Of the fields of the group "credential".'),
});
export type SubmitConnection = z.input<typeof submitConnectionSchema>;

/** The browser is to be sent to the provider. */
export const startAuthorizationSchema = z.strictObject(chosen);
export type StartAuthorization = z.input<typeof startAuthorizationSchema>;

export const connectedSchema = z.object({ integration: nameSchema, connection: connectionIdSchema });
export type Connected = z.infer<typeof connectedSchema>;

export const connectAttemptSchema = z.object({
  id: z.string(),
  status: z.enum(['pending', 'succeeded', 'failed', 'expired']),
  url: z.string().nullable().describe("The provider's page, while pending."),
  connected: connectedSchema.nullable(),
  error: errorBodySchema.shape.error.nullable(),
  expiresAt: isoTimeSchema,
});
export type ConnectAttempt = z.infer<typeof connectAttemptSchema>;

/** What became of a session: for who made it and waits, such as the command line. Asked with an API key. */
export const connectSessionStateSchema = z.object({
  id: z.string(),
  status: z.enum(['open', 'expired']),
  connected: z.array(connectedSchema).describe('What was connected or renewed in it, oldest first.'),
  error: errorBodySchema.shape.error.nullable().describe('Of the last attempt, where it failed.'),
  expiresAt: isoTimeSchema,
});
export type ConnectSessionState = z.infer<typeof connectSessionStateSchema>;
