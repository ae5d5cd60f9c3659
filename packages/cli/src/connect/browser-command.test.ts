import { expect, test } from 'vitest';
import { browserCommand } from './browser-command.ts';
import { openBrowser } from './open-browser.ts';

const url = 'https://tenon.example/connect?a=1&b=2#session=x';

test.each([
  ['darwin', {}, 'open', [url]],
  ['win32', {}, 'rundll32', ['url.dll,FileProtocolHandler', url]],
  ['linux', { DISPLAY: ':0' }, 'xdg-open', [url]],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 'xdg-open', [url]],
  ['linux', { WSL_DISTRO_NAME: 'Ubuntu' }, 'rundll32.exe', ['url.dll,FileProtocolHandler', url]],
  ['linux', { BROWSER: '/usr/bin/firefox' }, '/usr/bin/firefox', [url]],
] as const)('on %s with %o the address is one argument of the right program', (platform, variables, command, parts) => {
  expect(browserCommand(url, { platform, variables })).toEqual({ command, arguments: parts });
});

test.each([{}, { BROWSER: 'none' }])('without a screen nothing is started (%o)', (variables) => {
  expect(browserCommand(url, { platform: 'linux', variables })).toBeUndefined();
});

test.each(['file:///etc/passwd', 'vscode://x', '-a Calculator', '\\\\host\\share\\x.exe', 'javascript:alert(1)'])(
  'what a server calls an address and is no web page is not opened (%s)',
  (address) => {
    expect(browserCommand(address, { platform: 'darwin', variables: {} })).toBeUndefined();
  },
);

test('a program that is not there is no error', async () => {
  expect(await openBrowser(url, { BROWSER: '/nowhere/browser' })).toBe(false);
  expect(await openBrowser(url, { BROWSER: 'none' })).toBe(false);
});
