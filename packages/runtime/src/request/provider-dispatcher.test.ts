import { afterEach, describe, expect, it } from 'vitest';
import { startLocalProvider } from '../testing/local-provider.ts';
import { createPrivateAddressCheck } from './private-addresses.ts';
import { createProviderDispatcher } from './provider-dispatcher.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function start(allowPrivateAddresses: boolean, replaceHost = (url: string) => url) {
  const dispatcher = createProviderDispatcher({ allowPrivateAddresses });
  const local = await startLocalProvider({ client: { dispatcher }, answer: () => ({ body: {} }) });
  open.push({ close: () => dispatcher.destroy() }, local);
  const aimed = await startLocalProvider({
    provider: { baseUrl: replaceHost(local.api.url) },
    client: { dispatcher },
    answer: () => ({ body: {} }),
  });
  open.push(aimed);
  return { client: aimed.client, reached: local.api.requests, log: aimed.log };
}

describe('createProviderDispatcher', () => {
  it('reaches this machine where that is allowed', async () => {
    const { client, reached } = await start(true);
    await client.get('/');
    expect(reached).toHaveLength(1);
  });

  it.each([
    ['an address', (url: string) => url],
    ['a name that leads there', (url: string) => url.replace('127.0.0.1', 'localhost')],
    ['an address in another spelling', (url: string) => url.replace('127.0.0.1', '2130706433')],
    ['an address within IPv6', (url: string) => url.replace('127.0.0.1', '[::ffff:127.0.0.1]')],
  ])('refuses this machine by %s, without a retry', async (_kind, replaceHost) => {
    const { client, reached } = await start(false, replaceHost);
    await expect(client.get('/')).rejects.toMatchObject({ code: 'provider_address_refused' });
    expect(reached).toEqual([]);
  });
});

describe('private addresses', () => {
  const isPrivate = createPrivateAddressCheck();

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '::',
    '::1',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    'not an address',
  ])('%s is one', (address) => {
    expect(isPrivate(address)).toBe(true);
  });

  it.each(['1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:1.1.1.1'])('%s is none', (address) => {
    expect(isPrivate(address)).toBe(false);
  });
});
