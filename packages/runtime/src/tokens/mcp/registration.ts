import { z } from 'zod';
import { providerTokenSchema, type ProviderToken } from '../../provider/provider-token.ts';
import type { PendingAuthorization } from '../token-context.ts';

/** The client of one connection to an MCP server, and where its authorization server has what. */
export type Registration = NonNullable<ProviderToken['registration']>;

/** What is kept of a registration while the customer consents. */
const pendingSchema = z.object({
  registration: providerTokenSchema.shape.registration.unwrap(),
  requireIssuer: z.boolean(),
  scopes: z.array(z.string()).optional(),
});
export type PendingMcp = z.infer<typeof pendingSchema>;

export function writePending(pending: PendingMcp, codeVerifier: string): PendingAuthorization {
  return { codeVerifier, mcp: JSON.stringify(pending) };
}

export function readPending({ mcp = '{}' }: PendingAuthorization): PendingMcp {
  return pendingSchema.parse(JSON.parse(mcp));
}
