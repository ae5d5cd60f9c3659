import { z } from 'zod';
import { connectionIdSchema, nameSchema } from '@tenon/runtime/contract';
import type { ApiKeyOwner } from '../../credentials/api-keys/find-api-key.ts';
import type { ConnectionAddress } from '../../credentials/find-connection.ts';

/** Path parameters of everything that belongs to one connection. */
export const connectionParamsSchema = z.object({ integration: nameSchema, connection: connectionIdSchema });

/** A key sees the connections of its own environment only. */
export function addressOf(
  caller: ApiKeyOwner,
  params: { readonly integration: string; readonly connection: string },
): ConnectionAddress {
  return { environmentId: caller.environmentId, integration: params.integration, name: params.connection };
}
