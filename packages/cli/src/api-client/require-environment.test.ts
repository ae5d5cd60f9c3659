import { expect, it, onTestFinished } from 'vitest';
import { FakeServer } from '../testing/fake-server.ts';
import { createApiClient } from './create-api-client.ts';
import { requireEnvironment } from './require-environment.ts';

async function startFake() {
  const server = await FakeServer.start();
  const client = createApiClient(server);
  onTestFinished(async () => {
    client.close();
    await server.stop();
  });
  const place = (url: string) => ({ url, apiKeyVariable: 'PROD_KEY' });
  return { server, client, place, signal: new AbortController().signal };
}

it('stops a key of the other environment of the same server', async () => {
  const { server, client, place, signal } = await startFake();
  const environments = { dev: place(server.url), prod: place(`${server.url}/`) };
  await expect(requireEnvironment(client, { name: 'prod', environments, signal })).rejects.toMatchObject({
    code: 'environment_mismatch',
    message: expect.stringContaining('is of the environment dev, and not of prod'),
    hint: 'Set PROD_KEY to a key of prod, or say --env dev.',
  });
  await requireEnvironment(client, { name: 'dev', environments, signal });
});

it('does not ask a server that has one environment, whatever it calls it', async () => {
  const { server, client, place, signal } = await startFake();
  const environments = { dev: place('https://dev.example'), prod: place(server.url) };
  await requireEnvironment(client, { name: 'prod', environments, signal });
  expect(server.requests).toEqual([]);
});
