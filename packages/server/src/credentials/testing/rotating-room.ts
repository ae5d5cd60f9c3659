import type { Manifest, WebhookEventType } from '@tenon/runtime/contract';
import { manifestSchema } from '@tenon/runtime/contract';
import { sampleManifest } from '../../deployments/testing/sample-manifest.ts';
import { createConnection } from '../create-connection.ts';
import { findConnection } from '../find-connection.ts';
import { openCredentialRoom, type CredentialRoom } from './credential-room.ts';
import { rotatingClient, startRotatingProvider, type RotatingProvider } from './rotating-provider.ts';

export interface RotatingRoom extends CredentialRoom {
  readonly rotator: RotatingProvider;
  /** Imports a new authorisation. @returns its id */
  connect(name?: string, token?: { expiresInMs?: number; refreshToken?: false; integration?: string }): Promise<number>;
  show(name?: string): ReturnType<typeof showConnection>;
  /** Types of the events that a webhook would get, in order. */
  events(): Promise<WebhookEventType[]>;
}

/** A credential room whose customers' tokens come from a provider with rotating refresh tokens. */
export async function openRotatingRoom(
  options: Parameters<typeof startRotatingProvider>[0] & { others?: readonly RotatingProvider[] } = {},
): Promise<RotatingRoom> {
  const rotator = await startRotatingProvider(options);
  const room = await openCredentialRoom({ more: integrationsOf([rotator, ...(options.others ?? [])]) });
  const { database } = room.context;
  await database
    .insertInto('webhook_endpoints')
    .values({ environment_id: room.environmentId, url: 'https://app.example', events: [], secret: Buffer.alloc(0) })
    .execute();

  return {
    ...room,
    rotator,
    async connect(name = 'acme', { expiresInMs = 3_600_000, refreshToken, integration = 'rotator' } = {}) {
      const from = [rotator, ...(options.others ?? [])].find((one) => one.provider.name === integration) ?? rotator;
      const given = from.authorise();
      const { environmentId } = room;
      await createConnection(room.context, {
        environmentId,
        integration,
        name,
        credentials: {
          mode: 'oauth2',
          accessToken: given.accessToken,
          ...(refreshToken === false ? {} : { refreshToken: given.refreshToken }),
          expiresAt: new Date(room.context.now() + expiresInMs).toISOString(),
          scopes: ['read'],
        },
        config: {},
        settings: {},
        metadata: { plan: 'pro' },
        verify: false,
      });
      return (await findConnection(database, { environmentId, integration, name })).connectionId;
    },
    show: (name = 'acme') => showConnection(room, name),
    async events() {
      const rows = await database.selectFrom('webhook_events').select('type').orderBy('id').execute();
      return rows.map(({ type }) => type);
    },
    async close() {
      await room.close();
      await rotator.close();
      for (const other of options.others ?? []) await other.close();
    },
  };
}

async function showConnection({ context, environmentId }: CredentialRoom, name: string) {
  return (await findConnection(context.database, { environmentId, integration: 'rotator', name })).connection;
}

function integrationsOf(rotators: readonly RotatingProvider[]): Pick<Manifest, 'integrations' | 'providers'> {
  const values = { clientId: { value: rotatingClient.clientId }, clientSecret: { value: rotatingClient.clientSecret } };
  const { integrations, providers } = manifestSchema.parse({
    ...sampleManifest({ functions: [] }),
    integrations: rotators.map(({ provider: { name } }) => ({ name, provider: name, values })),
    providers: rotators.map(({ provider }) => provider),
    functions: [],
  });
  return { integrations, providers };
}
