import type { Kysely } from 'kysely';
import type { Manifest, SyncManifest } from '@tenon/runtime/contract';
import type { Schema } from '../../database/schema.ts';
import { createRecordFixture, type RecordFixture } from '../../records/testing/record-fixture.ts';
import { createDeployment, type DeploymentOutcome, type NewDeployment } from '../create-deployment.ts';
import { sampleManifest, sampleSync } from './sample-manifest.ts';

export interface DeploymentRoom {
  readonly fixture: RecordFixture;
  /** Upon what is active. */
  deploy(manifest: Manifest, changes?: Partial<NewDeployment>): Promise<DeploymentOutcome>;
  setCursor(cursor: string): Promise<void>;
  cursor(): Promise<unknown>;
}

/** A manifest of the integration and the sync that the fixture of records has. */
export function sandboxManifest(
  changes: Partial<SyncManifest> = {},
  integration: Partial<Manifest['integrations'][number]> = {},
): Manifest {
  const name = integration.name ?? 'sandbox';
  return sampleManifest({
    integrations: [{ name, provider: 'tracker', ...integration }],
    functions: [sampleSync({ integration: name, ...changes })],
  });
}

/** An environment with one connection, whose sync has a dataset of issues; nothing is deployed yet. */
export async function openDeploymentRoom(database: Kysely<Schema>): Promise<DeploymentRoom> {
  const fixture = await createRecordFixture(database);
  const { environmentId, syncId } = fixture;
  return {
    fixture,
    async deploy(manifest, changes = {}) {
      const { active_version: baseVersion } = await database
        .selectFrom('environments')
        .select('active_version')
        .where('id', '=', environmentId)
        .executeTakeFirstOrThrow();
      const request = { environmentId, manifest, baseVersion, message: null, allowDestructive: false, ...changes };
      return createDeployment(database, request);
    },
    async setCursor(cursor) {
      const json = JSON.stringify(cursor);
      await database
        .insertInto('sync_states')
        .values({
          sync_id: syncId,
          cursor: json,
          checkpoint: null,
          progress: null,
          progress_run_id: null,
          failed_at: null,
          error: null,
          updated_at: new Date(),
        })
        .onConflict((conflict) => conflict.columns(['sync_id', 'scope', 'partition']).doUpdateSet({ cursor: json }))
        .execute();
    },
    async cursor() {
      const row = await database
        .selectFrom('sync_states')
        .select('cursor')
        .where('sync_id', '=', syncId)
        .executeTakeFirst();
      return row?.cursor;
    },
  };
}
