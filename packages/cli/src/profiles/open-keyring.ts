import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Keyring } from './keyring.ts';

const service = 'tenon';

/** A keyring that is locked asks its owner for a password; one that nobody answers is left alone after this time. */
const patienceMs = 20_000;

/**
 * The keyring of macOS, of Windows, or of a Linux desktop (Secret Service); undefined where there is none. It is an
 * optional dependency: a platform without prebuilt binaries has none either. TENON_KEYRING=off asks for none.
 */
export async function openKeyring(
  variables: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): Promise<Keyring | undefined> {
  if (variables['TENON_KEYRING'] === 'off' || !hasKeyring(variables, platform)) return undefined;
  const loaded = await import('@napi-rs/keyring').catch(() => undefined);
  if (loaded === undefined) return undefined;
  const { AsyncEntry } = loaded;
  const attempt = <Result>(account: string, act: (entry: InstanceType<typeof AsyncEntry>) => Promise<Result>) =>
    withPatience(async () => act(new AsyncEntry(service, account)));
  return {
    async store(account, secret) {
      const kept = await attempt(account, async (entry) => {
        await entry.setPassword(secret);
        return (await entry.getPassword()) === secret;
      });
      if (kept !== true) return false;
      if (!isLostAtReboot(account)) return true;
      await attempt(account, (entry) => entry.deletePassword());
      return false;
    },
    read: async (account) => (await attempt(account, (entry) => entry.getPassword())) ?? undefined,
    async remove(account) {
      await attempt(account, (entry) => entry.deletePassword());
    },
  };
}

/** Without a session bus and a screen to unlock it on, a Linux machine has no keyring that outlives the session. */
function hasKeyring(variables: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform): boolean {
  if (platform !== 'linux') return platform === 'darwin' || platform === 'win32';
  const runtime = variables['XDG_RUNTIME_DIR'];
  const hasBus = Boolean(variables['DBUS_SESSION_BUS_ADDRESS']) || (runtime ? existsSync(join(runtime, 'bus')) : false);
  return hasBus && Boolean(variables['DISPLAY'] || variables['WAYLAND_DISPLAY']);
}

/**
 * Where no Secret Service answers, the library falls back to the keys of the Linux kernel, which a reboot forgets;
 * they are listed in /proc/keys.
 */
function isLostAtReboot(account: string): boolean {
  try {
    return process.platform === 'linux' && readFileSync('/proc/keys', 'utf8').includes(account);
  } catch {
    return false;
  }
}

/** Undefined: it failed, or took too long. What is in a keyring that does not answer is as good as not there. */
async function withPatience<Result>(act: () => Promise<Result>): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceMs);
  });
  try {
    return await Promise.race([act().catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}
