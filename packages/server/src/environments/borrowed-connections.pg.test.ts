import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCredentialSource } from '../credentials/credential-source.ts';
import { deleteConnection } from '../credentials/delete-connection.ts';
import { findConnection } from '../credentials/find-connection.ts';
import { listConnections } from '../credentials/list-connections.ts';
import { patchConnection } from '../credentials/patch-connection.ts';
import { refreshConnection } from '../credentials/refresh-connection.ts';
import { storeConnection } from '../credentials/store-connection.ts';
import { testConnection } from '../credentials/test-connection.ts';
import { openRotatingRoom, type RotatingRoom } from '../credentials/testing/rotating-room.ts';
import { providerSchema } from '@tenon/runtime/provider';
import { silentLog } from '../engine/testing/engine-room.ts';
import { putPreview } from './put-preview.ts';
import { createEnvironmentSweeper } from './sweep-environments.ts';

let room: RotatingRoom;
let lenderId: number;
let previewId: number;
let borrowedId: number;
beforeEach(async () => {
  room = await openRotatingRoom();
});
afterEach(() => room.close());

const address = () => ({ environmentId: previewId, integration: 'rotator', name: 'acme' });
const parentAddress = () => ({ ...address(), environmentId: room.environmentId });

/** A preview of dev that borrows acme, whose access token is about to end unless it is said otherwise. */
async function borrow(expiresInMs = -1): Promise<void> {
  const { database } = room.context;
  lenderId = await room.connect('acme', { expiresInMs });
  await putPreview(database, {
    home: { environmentId: room.environmentId, environment: 'dev' },
    name: 'pr-1',
    borrow: [{ integration: 'rotator', connection: 'acme' }],
    now: new Date(room.context.now()),
  });
  ({ id: previewId } = await database
    .selectFrom('environments')
    .select('id')
    .where('name', '=', 'pr-1')
    .executeTakeFirstOrThrow());
  const dev = await database.selectFrom('deployments').select('manifest').executeTakeFirstOrThrow();
  await room.deploy(previewId, dev.manifest);
  borrowedId = (await findConnection(database, address())).connectionId;
}

const tokenOf = async (connectionId: number, context = room.context) =>
  (await createCredentialSource(context).getActiveCredential(connectionId)).fields['accessToken'];

describe('a borrowed connection', () => {
  it('has one row of credentials, which is its parent', async () => {
    await borrow(3_600_000);
    const { database } = room.context;
    const row = await database.selectFrom('connections').selectAll().where('id', '=', borrowedId).executeTakeFirst();
    expect(row).toMatchObject({ lender_id: lenderId, credentials: null, token: null, metadata: { plan: 'pro' } });
    const shown = await listConnections(database, { environmentId: previewId, limit: 10 });
    expect(shown.items).toMatchObject([
      { id: 'acme', borrowedFrom: 'dev', state: 'active', authMode: 'oauth2', scopes: ['read'] },
    ]);
    expect(shown.items[0]?.tokenExpiresAt).toBe((await room.show()).tokenExpiresAt);
    expect(await room.show()).not.toHaveProperty('borrowedFrom');
    expect(await tokenOf(borrowedId)).toBe(await tokenOf(lenderId));
    expect(room.rotator.renewals()).toBe(0);
  });

  it('is renewed once, however many runs of both ask in however many processes', async () => {
    await borrow();
    const processes = [room.context, room.createPeer(), room.createPeer()];
    const asked = Array.from({ length: 60 }, (_, n) =>
      tokenOf(n % 2 === 0 ? borrowedId : lenderId, processes[n % processes.length]),
    );
    const tokens = await Promise.all(asked);
    expect(new Set(tokens).size).toBe(1);
    expect(room.rotator.renewals()).toBe(1);
    expect(await room.show()).toMatchObject({ state: 'active', problem: null });
  });

  it('renews after a refusal for both, and an authorisation that was revoked fails both', async () => {
    await borrow(3_600_000);
    const source = createCredentialSource(room.context);
    const refused = await source.getActiveCredential(borrowedId);
    const [one, other] = await Promise.all([
      source.getActiveCredential(borrowedId, { renew: true, refused }),
      source.getActiveCredential(lenderId, { renew: true, refused }),
    ]);
    expect(one).toEqual(other);
    expect(room.rotator.renewals()).toBe(1);
    room.rotator.revokeAll();
    const signal = AbortSignal.timeout(10_000);
    expect(await source.confirmRefusal(borrowedId, { signal })).toBe('refused');
    for (const where of [address(), parentAddress()]) {
      const { connection } = await findConnection(room.context.database, where);
      expect(connection).toMatchObject({ state: 'auth_failed', problem: { class: 'revoked' } });
    }
    await expect(source.getActiveCredential(borrowedId, { renew: true })).rejects.toMatchObject({
      code: 'provider_unauthorized',
    });
  });

  it('can be refreshed and tested in the preview', async () => {
    await borrow(3_600_000);
    expect(await refreshConnection(room.context, { address: address() })).toMatchObject({ borrowedFrom: 'dev' });
    expect(room.rotator.renewals()).toBe(1);
    expect(await testConnection(room.context, { address: address() })).toMatchObject({ ok: true, problem: null });
  });

  it('has settings and metadata of its own', async () => {
    await borrow(3_600_000);
    await patchConnection(room.context, address(), { metadata: { plan: 'preview' }, verify: false });
    expect((await findConnection(room.context.database, address())).connection.metadata).toEqual({ plan: 'preview' });
    expect((await room.show()).metadata).toEqual({ plan: 'pro' });
  });

  it('takes no credentials, neither by the API nor by connecting again', async () => {
    await borrow(3_600_000);
    const credentials = { mode: 'oauth2', accessToken: 'other' } as const;
    const borrowed = { code: 'connection_borrowed', message: expect.stringContaining('borrowed from dev') };
    await expect(patchConnection(room.context, address(), { credentials, verify: false })).rejects.toMatchObject(
      borrowed,
    );
    const { manifest } = await room.context.manifests.getActive(previewId);
    const request = {
      ...address(),
      provider: providerSchema.parse(room.rotator.provider),
      credentials,
      token: undefined,
      config: {},
      captured: {},
      settings: {},
      metadata: {},
      endUser: { id: 'user1' },
      mustExist: false,
    };
    await expect(storeConnection(room.context, request, { manifest })).rejects.toMatchObject(borrowed);
    expect(await tokenOf(lenderId)).toMatch(/^access-/);
  });

  it('can be given back without a word to the provider, and its parent goes on', async () => {
    await borrow(3_600_000);
    await deleteConnection(room.context, address());
    expect(room.rotator.revocations()).toBe(0);
    expect(await tokenOf(lenderId)).toMatch(/^access-/);
  });

  it('is lost with its lender', async () => {
    await borrow(3_600_000);
    await deleteConnection(room.context, parentAddress());
    await expect(findConnection(room.context.database, address())).rejects.toMatchObject({ code: 'not_found' });
    await expect(tokenOf(borrowedId)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is not revoked at the provider when its preview goes, nor is an own one of the preview', async () => {
    await borrow(3_600_000);
    room.pass(4 * 86_400_000);
    const sweeper = createEnvironmentSweeper({
      database: room.context.database,
      runs: { cancelRun: () => Promise.reject() },
      log: silentLog,
      now: room.context.now,
    });
    await sweeper.sweep();
    await expect(findConnection(room.context.database, address())).rejects.toMatchObject({ code: 'not_found' });
    expect(room.rotator.revocations()).toBe(0);
    expect(await tokenOf(lenderId)).toMatch(/^access-/);
    expect(await room.show()).toMatchObject({ state: 'active', problem: null });
  });
});

it('a connection that the parent does not have, or that the preview has itself, is not borrowed', async () => {
  await borrow(3_600_000);
  const { database } = room.context;
  const home = { environmentId: room.environmentId, environment: 'dev' };
  const request = { home, name: 'pr-1', now: new Date(room.context.now()) };
  const nobody = [{ integration: 'rotator', connection: 'nobody' }];
  await expect(putPreview(database, { ...request, borrow: nobody })).rejects.toMatchObject({ code: 'not_found' });
  const again = [{ integration: 'rotator', connection: 'acme' }];
  expect(await putPreview(database, { ...request, borrow: again })).toMatchObject({
    created: false,
    borrowed: again,
  });
});
