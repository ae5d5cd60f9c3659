import { afterEach, describe, expect, it } from 'vitest';
import { sampleSync } from '../deployments/testing/sample-manifest.ts';
import { checkSettings } from '../deployments/check-settings.ts';
import { createConnection } from './create-connection.ts';
import { createCredentialSource } from './credential-source.ts';
import { deleteConnection } from './delete-connection.ts';
import { patchConnection } from './patch-connection.ts';
import { refreshConnection } from './refresh-connection.ts';
import { testConnection } from './test-connection.ts';
import { openRotatingRoom, type RotatingRoom } from './testing/rotating-room.ts';

let room: RotatingRoom;
afterEach(() => room.close());

const address = () => ({ environmentId: room.environmentId, integration: 'rotator', name: 'acme' });
const blank = { config: {}, settings: {}, metadata: {} };

describe('an import', () => {
  it('of a refresh token alone is renewed before it is stored, and verified', async () => {
    room = await openRotatingRoom();
    const { refreshToken } = room.rotator.authorise();
    const shown = await createConnection(room.context, {
      ...address(),
      ...blank,
      credentials: { mode: 'oauth2', refreshToken },
      verify: true,
    });
    expect(shown).toMatchObject({ authMode: 'oauth2', state: 'active', tokenExpiresAt: expect.any(String) });
    expect(room.rotator.given()).toBe(1);
    const columns = await room.context.database.selectFrom('connections').selectAll().executeTakeFirstOrThrow();
    expect(JSON.stringify({ ...columns, token: '', credentials: '' })).not.toContain('refresh-');
  });

  it('keeps what a renewal gave although the provider goes down before the verification', async () => {
    room = await openRotatingRoom();
    const { refreshToken } = room.rotator.authorise();
    room.rotator.failVerification(503);
    const credentials = { mode: 'oauth2', refreshToken } as const;
    await createConnection(room.context, { ...address(), ...blank, credentials, verify: true });
    expect((await room.show()).state).toBe('active');
  });

  it('without any token is refused, saying what to bring', async () => {
    room = await openRotatingRoom();
    const credentials = { mode: 'oauth2' } as const;
    await expect(
      createConnection(room.context, { ...address(), ...blank, credentials, verify: true }),
    ).rejects.toMatchObject({ code: 'credentials_invalid', hint: expect.stringContaining('refreshToken') });
  });
});

describe('refreshing a connection', () => {
  it('renews a token that is good still', async () => {
    room = await openRotatingRoom();
    await room.connect();
    const before = await room.show();
    const after = await refreshConnection(room.context, { address: address() });
    expect(before.refreshedAt).toBeNull();
    expect(after.refreshedAt).not.toBeNull();
    expect(room.rotator.given()).toBe(1);
  });

  it('says that a good token cannot be renewed, and leaves the connection as it is', async () => {
    room = await openRotatingRoom();
    await room.connect('acme', { refreshToken: false });
    const before = await room.show();
    await expect(refreshConnection(room.context, { address: address() })).rejects.toMatchObject({ code: 'conflict' });
    expect(await room.show()).toEqual(before);
    expect(room.rotator.renewals()).toBe(0);
  });

  it('brings a revoked connection back, whose syncs are due at once', async () => {
    room = await openRotatingRoom();
    const connectionId = await room.connect('acme', { expiresInMs: -1 });
    const { database } = room.context;
    await database
      .insertInto('syncs')
      .values({
        environment_id: room.environmentId,
        connection_id: connectionId,
        integration: 'rotator',
        sync: 'issues',
        schedule: '{"type":"interval","everyMs":60000}',
        next_run_at: new Date('2020-01-01'),
        last_run_id: null,
        waits_for: null,
      })
      .execute();
    const syncOf = () => database.selectFrom('syncs').select(['waits_for', 'next_run_at']).executeTakeFirstOrThrow();
    room.rotator.answer(() => ({ status: 400, body: { error: 'invalid_grant' } }));
    await expect(refreshConnection(room.context, { address: address() })).rejects.toMatchObject({
      code: 'provider_unauthorized',
    });
    expect((await syncOf()).waits_for).toBe('reconnect');
    room.rotator.answer((act) => act());
    expect(await refreshConnection(room.context, { address: address() })).toMatchObject({ state: 'active' });
    const sync = await syncOf();
    expect(sync.waits_for).toBeNull();
    expect(sync.next_run_at?.getFullYear()).toBeGreaterThan(2020);
  });
});

describe('testing a connection', () => {
  it('says that it works, and what is wrong if not', async () => {
    room = await openRotatingRoom();
    await room.connect();
    const test = () => testConnection(room.context, { address: address() });
    expect(await test()).toMatchObject({ ok: true, verified: true, problem: null });
    room.rotator.failVerification(503);
    expect(await test()).toMatchObject({ ok: false, problem: { class: 'provider_down', retryAt: null } });
    expect(await room.show()).toMatchObject({ state: 'active', problem: null });
    room.rotator.failVerification(undefined);
    room.rotator.revokeAll();
    expect(await test()).toMatchObject({ ok: false, problem: { class: 'revoked' } });
    expect(await room.show()).toMatchObject({ state: 'auth_failed', problem: { class: 'revoked', failures: 1 } });
    expect(await room.events()).toEqual(['connection.created', 'connection.failed']);
  });

  it('renews a token that the provider ended early, and finds the connection well', async () => {
    room = await openRotatingRoom();
    await room.connect();
    room.rotator.endAccessTokens();
    expect(await testConnection(room.context, { address: address() })).toMatchObject({ ok: true });
    expect(room.rotator.given()).toBe(1);
  });
});

describe('new credentials', () => {
  it('clear the problem, and are used from then on in every process', async () => {
    room = await openRotatingRoom();
    const connectionId = await room.connect('acme', { expiresInMs: -1 });
    const peer = createCredentialSource(room.createPeer());
    room.rotator.revokeAll();
    await expect(peer.getActiveCredential(connectionId)).rejects.toMatchObject({ code: 'provider_unauthorized' });
    const { accessToken, refreshToken } = room.rotator.authorise();
    const credentials = { mode: 'oauth2', accessToken, refreshToken } as const;
    const shown = await patchConnection(room.context, address(), { credentials, verify: true });
    expect(shown).toMatchObject({ state: 'active', problem: null });
    expect((await peer.getActiveCredential(connectionId)).fields['accessToken']).toBe(accessToken);
    expect((await room.events()).at(-1)).toBe('connection.recovered');
  });
});

describe('deleting a connection', () => {
  it('ends its token at the provider and tells the webhooks', async () => {
    room = await openRotatingRoom();
    await room.connect();
    await deleteConnection(room.context, address());
    expect(room.rotator.revocations()).toBeGreaterThan(0);
    expect(await room.events()).toEqual(['connection.created', 'connection.deleted']);
    const event = await room.context.database.selectFrom('webhook_events').select('data').execute();
    expect(event[1]?.data).toMatchObject({ integration: 'rotator', connection: 'acme', metadata: { plan: 'pro' } });
    expect(JSON.stringify(event)).not.toMatch(/access-|refresh-/);
  });
});

describe('settings', () => {
  it('are checked against what the syncs declare, when they are given', async () => {
    room = await openRotatingRoom();
    const { manifest } = await room.context.manifests.getActive(room.environmentId);
    const settings = {
      type: 'object',
      properties: { repos: { type: 'array', items: { type: 'string' } } },
      required: ['repos'],
    };
    const declared = { ...manifest, functions: [sampleSync({ integration: 'rotator', settings })] };
    const check = (given: Record<string, unknown>) => () =>
      checkSettings(declared, { integration: 'rotator', settings: given });
    expect(check({ repos: ['a/b'], more: 1 })).not.toThrow();
    expect(check({})).toThrow(expect.objectContaining({ code: 'settings_invalid' }));
    expect(check({ repos: [4711] })).toThrow(/settings\.repos\.0/);
    expect(check({ repos: [4711] })).not.toThrow(/4711/);
  });
});
