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
    ['an address in hexadecimal', (url: string) => url.replace('127.0.0.1', '0x7f000001')],
    ['an address in octal', (url: string) => url.replace('127.0.0.1', '0177.0.0.1')],
    ['an address of two parts', (url: string) => url.replace('127.0.0.1', '127.1')],
    ['an address with a dot at its end', (url: string) => url.replace('127.0.0.1', '127.0.0.1.')],
    ['every address of this machine', (url: string) => url.replace('127.0.0.1', '0.0.0.0')],
    ['this machine in IPv6', (url: string) => url.replace('127.0.0.1', '[::1]')],
    ['an address within 6to4', (url: string) => url.replace('127.0.0.1', '[2002:7f00:1::]')],
    ['an address within IPv6 in hexadecimal', (url: string) => url.replace('127.0.0.1', '[::ffff:7f00:1]')],
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
    '64:ff9b:1::a00:1',
    '0.1.2.3',
    '::ffff:a00:1',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:7f00:0001',
    '::127.0.0.1',
    '::ffff:0:127.0.0.1',
    '2002:7f00:1::1',
    '2001:0:7f00:1::',
    'fe80::1%eth0',
    'fec0::1',
    '192.0.2.1',
    '198.51.100.7',
    '203.0.113.9',
    '192.88.99.1',
    '255.255.255.255',
    'not an address',
  ])('%s is one', (address) => {
    expect(isPrivate(address)).toBe(true);
  });

  it.each(['1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2001:4860:4860::8888', '::ffff:1.1.1.1'])(
    '%s is none',
    (address) => {
      expect(isPrivate(address)).toBe(false);
    },
  );
});
