import { openEngineRoom, type EngineRoom } from '../../../packages/server/src/engine/testing/engine-room.ts';
import { syncConnectionSchedules } from '../../../packages/server/src/engine/schedules/sync-connection-schedules.ts';
import { testManifest } from '../../../packages/server/src/engine/testing/test-manifest.ts';
import { stormSyncs } from './storm-syncs.ts';

const functions = Object.values(stormSyncs).map(({ manifest }) => manifest);

/** A database in which all storms of a test file rage, each over a connection of its own. */
export function openStormRoom(): Promise<EngineRoom> {
  return openEngineRoom({ functions, connections: 0 });
}

/** Makes the connection of one history. */
export async function addConnection(room: EngineRoom): Promise<{ name: string; id: number }> {
  const name = crypto.randomUUID();
  const { id } = await room.database
    .insertInto('connections')
    .values({
      environment_id: room.environmentId,
      integration: 'tracker',
      name,
      auth_mode: 'none',
      config: '{}',
      credentials: Buffer.alloc(0),
      token: null,
      token_expires_at: null,
      settings: '{}',
      metadata: '{}',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await syncConnectionSchedules(room.database, {
    environmentId: room.environmentId,
    manifest: testManifest(functions),
    connectionId: Number(id),
  });
  return { name, id: Number(id) };
}
