import {
  connectAttemptSchema,
  type ConnectAttempt,
  type ConnectSession,
  type CreateConnectSession,
} from '@tenon/runtime/contract';
import { providerSchema } from '@tenon/runtime/provider';
import { sampleManifest, sampleSync } from '../../deployments/testing/sample-manifest.ts';
import {
  sampleClient,
  startSampleAuthorizationServer,
  type SampleAuthorizationServer,
} from '../../credentials/testing/sample-authorization-server.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import { listen } from '../listen.ts';
import { createBrowser, type Browser } from './browser.ts';
import { openHttpRoom, type HttpRoom } from './http-room.ts';

export const appOrigin = 'https://app.example.com';

export interface ConnectRoom extends HttpRoom {
  /** Where the server listens. */
  readonly url: string;
  readonly docs: SampleAuthorizationServer;
  createSession(request?: Partial<CreateConnectSession>): Promise<ConnectSession>;
  /** Starts an attempt at docs in a browser that is new unless given. */
  startAttempt(
    session: ConnectSession,
    options?: { browser?: Browser; body?: object },
  ): Promise<{ attempt: ConnectAttempt; browser: Browser }>;
  /** Goes to the provider and consents. @returns the address that the provider sends the browser back to */
  consent(attempt: ConnectAttempt): Promise<string>;
  readAttempt(session: ConnectSession, id: string, waitMs?: number): Promise<ConnectAttempt>;
}

/**
 * The whole app behind a real socket, with providers that are connected with a form and at an authorization server.
 * @param options.workers run scripts and hooks; without, actions echo their input, and no provider has hooks
 */
export async function openConnectRoom({ workers }: { workers?: WorkerPool } = {}): Promise<ConnectRoom> {
  const docs = await startSampleAuthorizationServer();
  let url = '';
  const http = await openHttpRoom(workers && ((request) => workers.execute(request)), {
    publicUrl: () => url,
    ...(workers && { workers }),
  });
  const { room } = http;
  const manifest = sampleManifest({
    integrations: [
      { name: 'tracker', provider: 'tracker' },
      { name: 'crm', provider: 'crm' },
      {
        name: 'docs',
        provider: 'docs',
        values: { clientId: { value: sampleClient.clientId }, clientSecret: { value: sampleClient.clientSecret } },
        scopes: ['read', 'write'],
        authorizationParameters: { audience: 'all' },
      },
      { name: 'docs-unset', provider: 'docs' },
    ],
    providers: [room.provider.apiKeyProvider, room.provider.clientProvider, docs.provider].map((provider) =>
      providerSchema.parse(provider),
    ),
    functions: [
      sampleSync({
        settings: { type: 'object', properties: { project: { type: 'string' } }, required: ['project'] },
      }),
      sampleSync({ integration: 'docs', name: 'pages' }),
    ],
    connect: { allowedOrigins: [appOrigin], theme: { appName: 'Acme' } },
  });
  await room.deploy(room.environmentId, manifest);
  url = await listen(http.app, { host: '127.0.0.1', port: 0 });

  return {
    ...http,
    url,
    docs,
    async createSession(request = {}) {
      const payload = { endUser: { id: 'user1', displayName: 'Uma' }, ...request };
      const answer = await http.call('POST', '/v1/connect/sessions', { payload });
      if (answer.status !== 201) throw new Error(`The session was refused: ${answer.text}`);
      return answer.body as ConnectSession;
    },
    async startAttempt(session, { browser = createBrowser(), body = { integration: 'docs' } } = {}) {
      const response = await browser.fetch(`${url}/v1/connect/attempts`, {
        method: 'POST',
        headers: { authorization: `Bearer ${session.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (response.status !== 201) throw new Error(`The attempt was refused: ${await response.text()}`);
      return { attempt: connectAttemptSchema.parse(await response.json()), browser };
    },
    async consent({ url: providerUrl }) {
      const response = await fetch(providerUrl ?? '', { redirect: 'manual' });
      return response.headers.get('location') ?? '';
    },
    async readAttempt({ token }, id, waitMs = 0) {
      const response = await fetch(`${url}/v1/connect/attempts/${id}?waitMs=${waitMs}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return connectAttemptSchema.parse(await response.json());
    },
    async close() {
      await http.close();
      await docs.close();
    },
  };
}
