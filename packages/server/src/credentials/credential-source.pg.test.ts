import { afterEach, describe, expect, it } from 'vitest';
import { createConnection } from './create-connection.ts';
import { createCredentialSource } from './credential-source.ts';
import { findConnection } from './find-connection.ts';
import { openCredentialRoom, type CredentialRoom } from './testing/credential-room.ts';
import { goodClient } from './testing/sample-provider-server.ts';

let room: CredentialRoom;
afterEach(() => room.close());

/** A connection with client credentials that has no token yet. */
async function connectClient(options: { tokenLifetimeSeconds?: number } = {}): Promise<number> {
  room = await openCredentialRoom(options);
  const { environmentId } = room;
  await createConnection(room.context, {
    environmentId,
    integration: 'crm',
    name: 'acme',
    credentials: { mode: 'oauth2_client_credentials', ...goodClient },
    config: {},
    settings: {},
    metadata: {},
    verify: false,
  });
  const address = { environmentId, integration: 'crm', name: 'acme' };
  return (await findConnection(room.context.database, address)).connectionId;
}

function tokenOf({ fields }: { fields: Record<string, string> }): string | undefined {
  return fields['accessToken'];
}

describe('getActiveCredential', () => {
  it('obtains a token once, keeps it, and leaves the client secret behind', async () => {
    const connectionId = await connectClient();
    const source = createCredentialSource(room.context);
    const first = await source.getActiveCredential(connectionId);
    expect(first).toEqual({
      mode: 'oauth2_client_credentials',
      fields: { accessToken: 'token-1' },
      expiresAtMs: expect.any(Number),
    });
    expect(tokenOf(await createCredentialSource(room.createPeer()).getActiveCredential(connectionId))).toBe('token-1');
    expect(room.provider.tokensGiven()).toBe(1);
  });

  it('asks the provider once when many ask in several processes at the same time', async () => {
    const connectionId = await connectClient();
    const processes = Array.from({ length: 4 }, () => createCredentialSource(room.createPeer()));
    const tokens = await Promise.all(
      Array.from({ length: 100 }, (_, index) => processes[index % 4]?.getActiveCredential(connectionId)),
    );
    expect(new Set(tokens.map((credential) => credential && tokenOf(credential)))).toEqual(new Set(['token-1']));
    expect(room.provider.tokensGiven()).toBe(1);
  });

  it('renews a token before it expires', async () => {
    const connectionId = await connectClient({ tokenLifetimeSeconds: 3_600 });
    const source = createCredentialSource(room.context);
    await source.getActiveCredential(connectionId);
    room.pass(3_530_000);
    expect(tokenOf(await source.getActiveCredential(connectionId))).toBe('token-1');
    room.pass(15_000);
    expect(tokenOf(await source.getActiveCredential(connectionId))).toBe('token-2');
  });

  it('renews a refused token once, however many runs were refused', async () => {
    const connectionId = await connectClient();
    const processes = Array.from({ length: 3 }, () => createCredentialSource(room.createPeer()));
    const refused = await processes[0]?.getActiveCredential(connectionId);
    if (!refused) throw new Error('There is no credential.');
    room.provider.revokeTokens();
    const renewAll = () =>
      Promise.all(processes.map((source) => source.getActiveCredential(connectionId, { renew: true, refused })));
    const renewed = [...(await renewAll()), ...(await renewAll())];
    expect(new Set(renewed.map(tokenOf))).toEqual(new Set(['token-2']));
    expect(room.provider.tokensGiven()).toBe(2);
  });

  it('renews when it is told to and nothing is known of what was refused', async () => {
    const connectionId = await connectClient();
    const source = createCredentialSource(room.context);
    await source.getActiveCredential(connectionId);
    expect(tokenOf(await source.getActiveCredential(connectionId, { renew: true }))).toBe('token-2');
  });

  it('marks the connection when the provider refuses the client, and repairs the mark with the next token', async () => {
    const connectionId = await connectClient();
    const source = createCredentialSource(room.context);
    await source.getActiveCredential(connectionId);
    room.provider.lockClient();
    const failure = source.getActiveCredential(connectionId, { renew: true });
    await expect(failure).rejects.toMatchObject({ code: 'provider_unauthorized' });
    await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining(goodClient.clientSecret) });
    expect(await stateOf(connectionId)).toBe('auth_failed');
    // Known to be dead, it is not asked about again and again.
    await expect(source.getActiveCredential(connectionId, { renew: true })).rejects.toMatchObject({
      code: 'provider_unauthorized',
    });
    room.provider.unlockClient();
    await room.context.renewals.renew({ connectionId, force: true });
    expect(await stateOf(connectionId)).toBe('active');
  });

  it('lets a caller give up without taking the token from the others', async () => {
    const connectionId = await connectClient();
    const source = createCredentialSource(room.context);
    const controller = new AbortController();
    const impatient = source.getActiveCredential(connectionId, { signal: controller.signal });
    const patient = source.getActiveCredential(connectionId);
    controller.abort(new Error('enough'));
    await expect(impatient).rejects.toThrow('enough');
    expect(tokenOf(await patient)).toBe('token-1');
  });

  it('says so when the connection is gone', async () => {
    const connectionId = await connectClient();
    const source = createCredentialSource(room.context);
    await expect(source.getActiveCredential(connectionId + 1)).rejects.toMatchObject({ code: 'not_found' });
  });
});

async function stateOf(connectionId: number): Promise<string> {
  const { state } = await room.context.database
    .selectFrom('connections')
    .select('state')
    .where('id', '=', connectionId)
    .executeTakeFirstOrThrow();
  return state;
}
