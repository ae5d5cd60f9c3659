import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TenonError } from '@tenon/runtime/errors';
import { sampleSync } from '../deployments/testing/sample-manifest.ts';
import { createConnection, type NewConnection } from './create-connection.ts';
import { createCredentialSource } from './credential-source.ts';
import { deleteConnection } from './delete-connection.ts';
import { findConnection } from './find-connection.ts';
import { listConnections } from './list-connections.ts';
import { patchConnection } from './patch-connection.ts';
import { openCredentialRoom, type CredentialRoom } from './testing/credential-room.ts';
import { goodApiKey, goodClient } from './testing/sample-provider-server.ts';

let room: CredentialRoom;
beforeAll(async () => {
  room = await openCredentialRoom();
});
afterAll(() => room.close());

function request(name: string, changes: Partial<NewConnection> = {}): NewConnection {
  return {
    environmentId: room.environmentId,
    integration: 'tracker',
    name,
    credentials: { mode: 'api_key', values: { apiKey: goodApiKey } },
    config: {},
    settings: { repos: ['a/b'] },
    metadata: { plan: 'pro' },
    verify: true,
    ...changes,
  };
}

function address(name: string) {
  return { environmentId: room.environmentId, integration: 'tracker', name };
}

async function failureOf(work: Promise<unknown>): Promise<TenonError> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof TenonError) return outcome;
  throw new Error('Expected a TenonError.', { cause: outcome });
}

describe('createConnection', () => {
  it('stores what was given and shows no credentials', async () => {
    const connection = await createConnection(room.context, request('user1'));
    expect(connection).toMatchObject({
      integration: 'tracker',
      id: 'user1',
      authMode: 'api_key',
      state: 'active',
      settings: { repos: ['a/b'] },
      metadata: { plan: 'pro' },
    });
    expect(JSON.stringify(connection)).not.toContain(goodApiKey);
  });

  it('refuses settings that no sync could work with, but takes none at all: they may come later', async () => {
    const own = await openCredentialRoom();
    const { manifest } = await own.context.manifests.getActive(own.environmentId);
    const settings = { type: 'object', properties: { repos: { type: 'array' } }, required: ['repos'] };
    await own.deploy(own.environmentId, { ...manifest, functions: [sampleSync({ settings })] });
    const connect = (given: Record<string, unknown>) =>
      createConnection(own.context, request('picky', { environmentId: own.environmentId, settings: given }));
    expect((await failureOf(connect({ repos: 'a/b' }))).code).toBe('settings_invalid');
    expect(await connect({})).toMatchObject({ settings: {} });
    await own.close();
  });

  it('makes the syncs of the connection due', async () => {
    await createConnection(room.context, request('scheduled'));
    const { connectionId } = await findConnection(room.context.database, address('scheduled'));
    const syncs = await room.context.database
      .selectFrom('syncs')
      .select(['sync', 'next_run_at'])
      .where('connection_id', '=', connectionId)
      .execute();
    expect(syncs).toEqual([{ sync: 'issues', next_run_at: expect.any(Date) }]);
  });

  it('stores nothing when the provider refuses the key, and says so without it', async () => {
    const wrong = { mode: 'api_key', values: { apiKey: 'wrong-key-77aa' } } as const;
    const error = await failureOf(createConnection(room.context, request('refused', { credentials: wrong })));
    expect(error).toMatchObject({ code: 'provider_unauthorized', status: 424, hint: expect.any(String) });
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain('wrong-key-77aa');
    expect(await failureOf(findConnection(room.context.database, address('refused')))).toMatchObject({
      code: 'not_found',
    });
  });

  it('takes a wrong key on trust when it is not asked to verify', async () => {
    const wrong = { mode: 'api_key', values: { apiKey: 'wrong-key-77aa' } } as const;
    const connection = await createConnection(room.context, request('trusted', { credentials: wrong, verify: false }));
    expect(connection.state).toBe('active');
  });

  it.each([
    ['another mode', { credentials: { mode: 'basic', username: 'a', password: 'b' } as const }, 'credentials_invalid'],
    ['a missing field', { credentials: { mode: 'api_key', values: {} } as const }, 'credentials_invalid'],
    ['an unknown integration', { integration: 'nowhere' }, 'not_found'],
    ['values nobody asked for', { config: { region: 'eu' } }, 'credentials_invalid'],
  ])('refuses %s', async (_what, changes, code) => {
    expect(await failureOf(createConnection(room.context, request('bad', changes)))).toMatchObject({ code });
  });

  it('lets one of two of the same name win', async () => {
    const outcomes = await Promise.allSettled([
      createConnection(room.context, request('twin')),
      createConnection(room.context, request('twin')),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await failureOf(createConnection(room.context, request('twin')))).toMatchObject({ code: 'conflict' });
  });
});

describe('a dump of the connections table', () => {
  it('holds no secret', async () => {
    const client = { mode: 'oauth2_client_credentials', ...goodClient } as const;
    await createConnection(room.context, request('dumped'));
    await createConnection(room.context, request('dumped', { integration: 'crm', credentials: client }));
    const rows = await room.context.database.selectFrom('connections').selectAll().execute();
    const dump = Buffer.concat(
      rows.flatMap((row) =>
        [Buffer.from(JSON.stringify(row)), row.credentials, row.token].filter((part) => part !== null),
      ),
    );
    expect(rows.some(({ token }) => token !== null)).toBe(true);
    for (const secret of [goodApiKey, goodClient.clientSecret, goodClient.clientId, 'token-1', 'accessToken']) {
      expect(dump.includes(secret)).toBe(false);
      expect(dump.includes(Buffer.from(secret).toString('base64'))).toBe(false);
    }
  });

  it('gives nothing to who moves an envelope to another row', async () => {
    await createConnection(room.context, request('victim'));
    await createConnection(room.context, request('thief'));
    const { database } = room.context;
    const [victim, thief] = await Promise.all([
      findConnection(database, address('victim')),
      findConnection(database, address('thief')),
    ]);
    const { credentials } = await database
      .selectFrom('connections')
      .select('credentials')
      .where('id', '=', victim.connectionId)
      .executeTakeFirstOrThrow();
    await database.updateTable('connections').set({ credentials }).where('id', '=', thief.connectionId).execute();
    const source = createCredentialSource(room.context);
    expect(await failureOf(source.getActiveCredential(thief.connectionId))).toMatchObject({
      code: 'decryption_failed',
    });
    expect(await source.getActiveCredential(victim.connectionId)).toMatchObject({ fields: { apiKey: goodApiKey } });
  });
});

describe('patchConnection', () => {
  it('changes what is given and leaves the rest', async () => {
    await createConnection(room.context, request('patched'));
    const patched = await patchConnection(room.context, address('patched'), { settings: { repos: [] }, verify: true });
    expect(patched).toMatchObject({ settings: { repos: [] }, metadata: { plan: 'pro' } });
  });

  it('keeps the old credentials when the provider refuses the new ones', async () => {
    await createConnection(room.context, request('kept'));
    const wrong = { mode: 'api_key', values: { apiKey: 'wrong-key-77aa' } } as const;
    const patch = { credentials: wrong, settings: { changed: true }, verify: true };
    expect(await failureOf(patchConnection(room.context, address('kept'), patch))).toMatchObject({
      code: 'provider_unauthorized',
    });
    const { connectionId, connection } = await findConnection(room.context.database, address('kept'));
    expect(connection.settings).toEqual({ repos: ['a/b'] });
    const source = createCredentialSource(room.context);
    expect(await source.getActiveCredential(connectionId)).toMatchObject({ fields: { apiKey: goodApiKey } });
  });

  it('makes a connection active again with new credentials', async () => {
    const wrong = { mode: 'api_key', values: { apiKey: 'wrong-key-77aa' } } as const;
    await createConnection(room.context, request('revived', { credentials: wrong, verify: false }));
    await room.context.database
      .updateTable('connections')
      .set({ state: 'auth_failed' })
      .where('name', '=', 'revived')
      .execute();
    const { credentials } = request('revived');
    const patched = await patchConnection(room.context, address('revived'), { credentials, verify: true });
    expect(patched.state).toBe('active');
  });
});

describe('listConnections', () => {
  it('pages through every connection once, and through no other environment', async () => {
    const { database } = room.context;
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listConnections(database, { environmentId: room.environmentId, cursor, limit: 3 });
      names.push(...page.items.map(({ integration, id }) => `${integration}/${id}`));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    const all = await database.selectFrom('connections').select(['integration', 'name']).orderBy('id').execute();
    expect(names).toEqual(all.map(({ integration, name }) => `${integration}/${name}`));
    expect(await listConnections(database, { environmentId: room.environmentId + 1, limit: 3 })).toEqual({
      items: [],
      nextCursor: null,
    });
  });

  it('refuses a cursor that it did not give', async () => {
    const query = { environmentId: room.environmentId, cursor: "1' or 1=1", limit: 3 };
    expect(await failureOf(listConnections(room.context.database, query))).toMatchObject({ code: 'request_invalid' });
  });
});

describe('deleteConnection', () => {
  it('takes records, datasets, syncs and runs with it, and leaves those of others', async () => {
    const { database } = room.context;
    const datasets: number[] = [];
    for (const name of ['gone', 'stays']) {
      await createConnection(room.context, request(name));
      const { connectionId } = await findConnection(database, address(name));
      const { id } = await database
        .insertInto('datasets')
        .values({ connection_id: connectionId, model: 'Issue' })
        .returning('id')
        .executeTakeFirstOrThrow();
      datasets.push(id);
      const record = { data: '{}', hash: Buffer.alloc(16), updated_at: new Date(), deleted_at: null };
      await database
        .insertInto('records')
        .values(
          [1, 2, 3].map((position) => ({
            ...record,
            dataset_id: id,
            external_id: `${position}`,
            position,
            added_position: position,
          })),
        )
        .execute();
    }
    await deleteConnection(room.context, address('gone'));
    const left = await database
      .selectFrom('records')
      .select('dataset_id')
      .where('dataset_id', 'in', datasets)
      .execute();
    expect(left.map(({ dataset_id: id }) => id)).toEqual([datasets[1], datasets[1], datasets[1]]);
    expect(await database.selectFrom('datasets').select('id').where('id', 'in', datasets).execute()).toHaveLength(1);
    expect(await failureOf(deleteConnection(room.context, address('gone')))).toMatchObject({ code: 'not_found' });
    expect(await createConnection(room.context, request('gone'))).toMatchObject({ id: 'gone' });
  });
});
