import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TenonError } from '@tenon/runtime/errors';
import type { Manifest } from '@tenon/runtime/contract';
import { createTestDatabase, type TestDatabase } from '../database/testing/create-test-database.ts';
import { activateDeployment } from './activate-deployment.ts';
import { createDeployment, type NewDeployment } from './create-deployment.ts';
import { ensureEnvironment } from './ensure-environment.ts';
import { listDeployments } from './list-deployments.ts';
import { createManifestSource } from './manifest-source.ts';
import { planAgainstActive } from './plan-against-active.ts';
import { readActiveVersion } from '../database/queries/read-active-version.ts';
import { hashOf, sampleAction, sampleIssueSchema, sampleManifest, sampleSync } from './testing/sample-manifest.ts';
import { uploadBundle } from './upload-bundle.ts';

let store: TestDatabase;
let environmentId: number;
let environments = 0;

beforeAll(async () => {
  store = await createTestDatabase();
  for (const code of ['sync code', 'action code']) await uploadBundle(store.database, { hash: hashOf(code), code });
});
afterAll(() => store.drop());
beforeEach(async () => {
  environmentId = await ensureEnvironment(store.database, `env-${++environments}`);
});

function deploy(baseVersion: number, manifest: Manifest, changes: Partial<NewDeployment> = {}) {
  const request = { environmentId, manifest, baseVersion, message: null, allowDestructive: false, ...changes };
  return createDeployment(store.database, request);
}

const renamedCode = sampleManifest({ functions: [sampleSync({ timeoutMs: 60_000 }), sampleAction()] });
const withoutSync = sampleManifest({ functions: [sampleAction()] });

async function failureOf(work: Promise<unknown>): Promise<TenonError> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof TenonError) return outcome;
  throw new Error('Expected a TenonError.', { cause: outcome });
}

describe('createDeployment', () => {
  it('makes the first version active', async () => {
    const { deployment, changed } = await deploy(0, sampleManifest(), { message: 'first' });
    expect(changed).toBe(true);
    expect(deployment).toMatchObject({ version: 1, active: true, message: 'first', functions: 2 });
  });

  it('makes no new version of the manifest that is active, whatever base it was planned on', async () => {
    await deploy(0, sampleManifest());
    const { deployment, changed } = await deploy(0, sampleManifest());
    expect([deployment.version, changed]).toEqual([1, false]);
    expect((await listDeployments(store.database, { environmentId, limit: 10 })).items).toHaveLength(1);
  });

  it('wants the code of hooks, as it wants that of functions', async () => {
    const source = 'providers/tracker.hooks.ts';
    const missing = hashOf('code of hooks');
    const manifest = sampleManifest({
      providerHooks: [{ provider: 'tracker', source, bundle: missing, hooks: ['verify'] }],
    });
    const manifests = createManifestSource(store.database);
    expect(await planAgainstActive({ database: store.database, manifests }, { environmentId, manifest })).toMatchObject(
      {
        missingBundles: [missing],
      },
    );
    expect(await failureOf(deploy(0, manifest))).toMatchObject({ code: 'bundle_missing' });
    await uploadBundle(store.database, { hash: missing, code: 'code of hooks' });
    expect((await deploy(0, manifest)).changed).toBe(true);
  });

  it('refuses a plan that another deployment has overtaken', async () => {
    await deploy(0, sampleManifest());
    expect(await failureOf(deploy(0, renamedCode))).toMatchObject({
      code: 'plan_stale',
      details: { baseVersion: 0, activeVersion: 1 },
    });
    expect(await readActiveVersion(store.database, environmentId)).toBe(1);
  });

  it('lets one of many deployments at once win and tells the others', async () => {
    await deploy(0, sampleManifest());
    const outcomes = await Promise.allSettled(
      [61_000, 62_000, 63_000, 64_000, 65_000].map((timeoutMs) =>
        deploy(1, sampleManifest({ functions: [sampleSync({ timeoutMs }), sampleAction()] })),
      ),
    );
    const refused = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as TenonError] : [],
    );
    expect(refused.map(({ code }) => code)).toEqual(Array.from({ length: 4 }, () => 'plan_stale'));
    expect(await readActiveVersion(store.database, environmentId)).toBe(2);
  });

  it('takes nothing away unless that is allowed', async () => {
    await deploy(0, sampleManifest());
    const refused = await failureOf(deploy(1, withoutSync));
    expect(refused).toMatchObject({ code: 'destructive_refused', status: 409, exitCode: 12 });
    expect(refused.message).toContain('sync tracker/issues');
    expect(await readActiveVersion(store.database, environmentId)).toBe(1);
    expect((await deploy(1, withoutSync, { allowDestructive: true })).deployment.version).toBe(2);
  });

  it('refuses code that was not uploaded, and keeps nothing of the attempt', async () => {
    const manifest = sampleManifest({ functions: [sampleSync({ bundle: hashOf('never uploaded') })] });
    expect(await failureOf(deploy(0, manifest))).toMatchObject({
      code: 'bundle_missing',
      details: { missing: [hashOf('never uploaded')] },
    });
    expect((await listDeployments(store.database, { environmentId, limit: 10 })).items).toEqual([]);
  });

  it('refuses a manifest that breaks a rule', async () => {
    const manifest = sampleManifest({ functions: [sampleSync(), sampleSync({ name: 'again' })] });
    expect(await failureOf(deploy(0, manifest))).toMatchObject({ code: 'definition_invalid' });
  });
});

describe('what a deployment does to connections', () => {
  async function connect(name: string): Promise<number> {
    const json = '{}';
    const { id } = await store.database
      .insertInto('connections')
      .values({
        environment_id: environmentId,
        integration: 'tracker',
        name,
        auth_mode: 'none',
        config: json,
        settings: json,
        metadata: json,
        credentials: Buffer.alloc(0),
        token: null,
        token_expires_at: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  }

  async function syncOf(connectionId: number) {
    const { rows } = await store.pool.query<{ schedule: unknown; cursor: unknown }>(
      `select schedule, cursor from syncs left join sync_states on sync_id = id and partition = ''
       where connection_id = $1`,
      [connectionId],
    );
    return rows[0];
  }

  it('gives their syncs the schedules that it declares', async () => {
    const connectionId = await connect('a');
    await deploy(0, sampleManifest());
    expect(await syncOf(connectionId)).toEqual({ schedule: { type: 'interval', everyMs: 3_600_000 }, cursor: null });
    const faster = sampleSync({ schedule: { type: 'interval', everyMs: 60_000 } });
    await deploy(1, sampleManifest({ functions: [faster, sampleAction()] }));
    expect(await syncOf(connectionId)).toMatchObject({ schedule: { everyMs: 60_000 } });
  });

  it.each([
    ['keeps the cursor when only the deadline changed', renamedCode, '"2026-01-01"'],
    [
      'starts over when a field is now required',
      sampleManifest({
        functions: [
          sampleSync({
            models: [
              {
                name: 'Issue',
                schema: {
                  ...sampleIssueSchema,
                  properties: { ...sampleIssueSchema.properties, labels: { type: 'array' } },
                  required: [...sampleIssueSchema.required, 'labels'],
                },
              },
            ],
          }),
          sampleAction(),
        ],
      }),
      null,
    ],
  ])('%s', async (_what, manifest, cursor) => {
    await deploy(0, sampleManifest());
    const connectionId = await connect('a');
    await store.pool.query(
      `with s as (insert into syncs (environment_id, connection_id, integration, sync)
         values ($1, $2, 'tracker', 'issues') returning id)
       insert into sync_states (sync_id, cursor) select id, '"2026-01-01"' from s`,
      [environmentId, connectionId],
    );
    await deploy(1, manifest);
    expect((await syncOf(connectionId))?.cursor).toEqual(cursor === null ? null : JSON.parse(cursor));
  });
});

describe('activateDeployment', () => {
  it('goes back to an older version and forward again, and numbers on after both', async () => {
    await deploy(0, sampleManifest());
    await deploy(1, withoutSync, { allowDestructive: true });
    const back = await activateDeployment(store.database, { environmentId, version: 1 });
    expect([back.deployment.version, back.changed]).toEqual([1, true]);
    expect((await activateDeployment(store.database, { environmentId, version: 1 })).changed).toBe(false);
    expect((await deploy(1, renamedCode)).deployment.version).toBe(3);
    const { items } = await listDeployments(store.database, { environmentId, limit: 10 });
    expect(items.map(({ version, active }) => [version, active])).toEqual([
      [3, true],
      [2, false],
      [1, false],
    ]);
  });

  it('knows no version of another environment', async () => {
    await deploy(0, sampleManifest());
    const other = await ensureEnvironment(store.database, `env-${++environments}`);
    expect(await failureOf(activateDeployment(store.database, { environmentId: other, version: 1 }))).toMatchObject({
      code: 'not_found',
    });
  });
});

describe('listDeployments', () => {
  it('pages from the newest on', async () => {
    for (let version = 0; version < 5; version++) {
      const functions = [sampleSync({ timeoutMs: 70_000 + version }), sampleAction()];
      await deploy(version, sampleManifest({ functions }));
    }
    const versions: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await listDeployments(store.database, { environmentId, cursor, limit: 2 });
      versions.push(...page.items.map(({ version }) => version));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(versions).toEqual([5, 4, 3, 2, 1]);
  });
});

describe('planAgainstActive', () => {
  it('names changes and missing bundles, and changes nothing', async () => {
    const manifests = createManifestSource(store.database);
    const manifest = sampleManifest({ functions: [sampleSync({ bundle: hashOf('not there') }), sampleAction()] });
    const first = await planAgainstActive({ database: store.database, manifests }, { environmentId, manifest });
    expect(first).toMatchObject({ baseVersion: 0, missingBundles: [hashOf('not there')] });
    expect(first.changes).toHaveLength(3);
    await deploy(0, sampleManifest());
    const second = await planAgainstActive({ database: store.database, manifests }, { environmentId, manifest });
    expect(second).toMatchObject({ baseVersion: 1, changes: [{ name: 'issues', reasons: ['code'] }] });
    expect(await readActiveVersion(store.database, environmentId)).toBe(1);
  });

  it('says how many customers have to consent again, and counts nobody whose scopes are unknown or enough', async () => {
    const declare = (scopes: string[]) =>
      sampleManifest({ integrations: [{ name: 'tracker', provider: 'tracker', scopes }] });
    await deploy(0, declare(['read']));
    const scopesOfConnections = [['read'], ['read', 'write'], [], null];
    for (const [index, scopes] of scopesOfConnections.entries()) {
      await store.database
        .insertInto('connections')
        .values({
          environment_id: environmentId,
          integration: 'tracker',
          name: `user${index}`,
          auth_mode: 'oauth2',
          config: '{}',
          credentials: Buffer.alloc(1),
          settings: '{}',
          metadata: '{}',
          scopes,
        })
        .execute();
    }
    const manifests = createManifestSource(store.database);
    const context = { database: store.database, manifests };
    const grown = await planAgainstActive(context, { environmentId, manifest: declare(['read', 'write']) });
    expect(grown.changes).toMatchObject([
      { kind: 'integration', reasons: ['scopes +write', '2 connections must consent again'] },
    ]);
    const shrunk = await planAgainstActive(context, { environmentId, manifest: declare([]) });
    expect(shrunk.changes).toMatchObject([{ reasons: ['scopes -read'] }]);
  });
});

describe('uploadBundle', () => {
  it('keeps a bundle once, however often it comes', async () => {
    const bundle = { hash: hashOf('twice'), code: 'twice' };
    await Promise.all([1, 2, 3].map(() => uploadBundle(store.database, bundle)));
    const rows = await store.database.selectFrom('bundles').selectAll().where('hash', '=', bundle.hash).execute();
    expect(rows).toMatchObject([bundle]);
  });
});

describe('external ids', () => {
  it('answer with the version that was deployed under them, active or not, and are unique', async () => {
    await deploy(0, sampleManifest(), { externalId: 'c1', deployedBy: 'ci', message: 'first' });
    await deploy(1, renamedCode, { externalId: 'c2' });
    const again = await deploy(0, sampleManifest(), { externalId: 'c1' });
    expect(again).toMatchObject({ changed: false, deployment: { version: 1, active: false, deployedBy: 'ci' } });
    expect(await failureOf(deploy(2, withoutSync, { externalId: 'c1', allowDestructive: true }))).toMatchObject({
      code: 'external_id_taken',
      exitCode: 12,
      details: { version: 1 },
    });
    const found = await listDeployments(store.database, { environmentId, externalId: 'c2', limit: 10 });
    expect(found.items.map(({ version }) => version)).toEqual([2]);
  });

  it('tell who lost to whom', async () => {
    await deploy(0, sampleManifest(), { externalId: 'c1', deployedBy: 'ci', message: 'first' });
    const refused = await failureOf(deploy(0, renamedCode));
    expect(refused.message).toContain('version 1 ("first", c1, deployed with the key ci) is active now');
    expect(refused.details).toMatchObject({ message: 'first', externalId: 'c1', deployedBy: 'ci' });
  });

  it('of the same commit deployed by several at once make one version', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, () => deploy(0, sampleManifest(), { externalId: 'c1' })),
    );
    expect(outcomes.map(({ deployment }) => deployment.version)).toEqual([1, 1, 1, 1]);
    expect(outcomes.filter(({ changed }) => changed)).toHaveLength(1);
  });
});

it('refuses a plan that was made for another environment', async () => {
  expect(await failureOf(deploy(0, sampleManifest(), { fingerprint: 'of another' }))).toMatchObject({
    code: 'plan_stale',
  });
});
