import { expect, it } from 'vitest';
import { openKeyring } from './open-keyring.ts';

it.each([
  ['it is turned off', { TENON_KEYRING: 'off', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/x', DISPLAY: ':0' }],
  ['there is no session bus', { DISPLAY: ':0' }],
  ['there is no screen to unlock it on', { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/x' }],
])('there is none where %s', async (_what, variables) => {
  expect(await openKeyring(variables, 'linux')).toBeUndefined();
});

it.runIf(process.platform === 'linux')('does without one at once when nobody answers on the bus', async () => {
  const keyring = await openKeyring({ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent', DISPLAY: ':99' });
  const account = `test ${process.pid} https://nowhere.example`;
  // Either nothing takes the secret, or only the kernel does, until the next reboot: both count as no keyring.
  expect((await keyring?.store(account, 'secret')) ?? false).toBe(false);
  expect(await keyring?.read(account)).toBeUndefined();
});
