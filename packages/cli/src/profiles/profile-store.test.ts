import { mkdir, mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryKeyring } from './testing/create-memory-keyring.ts';
import { profileDirectory } from './profile-directory.ts';
import { openProfileStore, type ProfileStore } from './profile-store.ts';

let home: string;
let folder: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tenon-profiles-'));
  folder = join(home, 'tenon');
});
afterEach(() => rm(home, { recursive: true, force: true }));

const { signal } = new AbortController();
const withFile = () => openProfileStore({ XDG_CONFIG_HOME: home, TENON_KEYRING: 'off' });

function save(store: ProfileStore, name: string, more: { url?: string; key?: string; savedAt?: string } = {}) {
  const { url = `https://${name}.example`, key = `key-of-${name}`, savedAt = '2026-01-01T00:00:00Z' } = more;
  const profile = {
    name,
    url,
    environment: 'dev',
    keyPrefix: 'tnn_abcd',
    expiresAt: null,
    origin: 'login',
    savedAt,
  } as const;
  return store.save(profile, { key, signal: new AbortController().signal });
}

describe('profiles without a keyring', () => {
  it('are kept in two files that only their owner can read, and the key is in one of them alone', async () => {
    await save(withFile(), 'work');
    for (const name of ['profiles.json', 'credentials.json']) {
      expect((await stat(join(folder, name))).mode & 0o777, name).toBe(0o600);
    }
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readFile(join(folder, 'profiles.json'), 'utf8')).not.toContain('key-of-work');
    expect((await readdir(folder)).sort()).toEqual(['credentials.json', 'profiles.json']);
    const found = await withFile().find('work');
    expect(found).toMatchObject({ name: 'work', url: 'https://work.example', keptIn: 'file' });
    expect(found && (await withFile().readKey(found))).toBe('key-of-work');
  });

  it('are found by address, the latest login first, and the last one is the current one', async () => {
    const store = withFile();
    await save(store, 'old', { url: 'https://a.example', savedAt: '2026-01-01T00:00:00Z' });
    await save(store, 'new', { url: 'https://a.example/', savedAt: '2026-02-01T00:00:00Z' });
    await save(store, 'other');
    expect(await store.findByUrl('https://a.example')).toMatchObject({ name: 'new' });
    expect(await store.findByUrl('https://nowhere.example')).toBeUndefined();
    expect(await store.findCurrent()).toMatchObject({ name: 'other' });
    expect((await store.list()).map(({ name }) => name)).toEqual(['new', 'old', 'other']);
  });

  it('go with their key, and the others stay', async () => {
    const store = withFile();
    await save(store, 'work');
    await save(store, 'home');
    const ofHome = await store.find('home');
    if (ofHome) await store.remove(ofHome, { signal });
    expect(await store.findCurrent()).toBeUndefined();
    expect(await readFile(join(folder, 'credentials.json'), 'utf8')).toContain('key-of-work');
    expect(await readFile(join(folder, 'credentials.json'), 'utf8')).not.toContain('key-of-home');
  });

  it('survive twenty logins at once', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `p${index}`);
    await Promise.all(names.map((name) => save(withFile(), name)));
    const store = withFile();
    const all = await store.list();
    expect(all).toHaveLength(20);
    for (const profile of all) expect(await store.readKey(profile)).toBe(`key-of-${profile.name}`);
    expect((await readdir(folder)).sort()).toEqual(['credentials.json', 'profiles.json']);
  });

  it('take over the lock that a killed command left', async () => {
    await mkdir(folder);
    await writeFile(join(folder, '.lock'), '');
    await utimes(join(folder, '.lock'), new Date(0), new Date(0));
    await save(withFile(), 'work');
    expect(await withFile().find('work')).toBeDefined();
  });

  it('are never written over a file that is not understood', async () => {
    await mkdir(folder);
    for (const text of ['{ "version": 2 }', '{"version":1', '[]']) {
      await writeFile(join(folder, 'profiles.json'), text);
      await expect(save(withFile(), 'work')).rejects.toMatchObject({ code: 'profile_store_failed' });
      expect(await readFile(join(folder, 'profiles.json'), 'utf8')).toBe(text);
    }
  });

  it('say what is wrong with a folder that cannot be made', async () => {
    await writeFile(folder, 'a file');
    await expect(save(withFile(), 'work')).rejects.toMatchObject({
      code: 'profile_store_failed',
      hint: expect.stringContaining('permissions') as string,
    });
  });

  it('need a home', async () => {
    const homeless = openProfileStore({});
    expect(await homeless.list()).toEqual([]);
    await expect(save(homeless, 'work')).rejects.toMatchObject({ code: 'profile_store_failed' });
  });

  it('end the waiting for a lock with the signal', async () => {
    await mkdir(folder);
    await writeFile(join(folder, '.lock'), '');
    const ending = new AbortController();
    const profile = {
      name: 'work',
      url: 'https://a.example',
      environment: 'dev',
      keyPrefix: 'tnn_',
      expiresAt: null,
    } as const;
    const saving = withFile().save({ ...profile, origin: 'login', savedAt: '' }, { key: 'k', signal: ending.signal });
    ending.abort(new Error('enough'));
    await expect(saving).rejects.toThrow('enough');
  });
});

describe('profiles with a keyring', () => {
  const withKeyring = (keyring: ReturnType<typeof createMemoryKeyring>) =>
    openProfileStore({ XDG_CONFIG_HOME: home }, { keyring: async () => keyring });

  it('have their key there and in no file', async () => {
    const keyring = createMemoryKeyring();
    const store = withKeyring(keyring);
    const saved = await save(store, 'work');
    expect(saved.keptIn).toBe('keyring');
    expect(await readdir(folder)).toEqual(['profiles.json']);
    expect(await store.readKey(saved)).toBe('key-of-work');
    await store.remove(saved, { signal });
    expect([...keyring.secrets]).toEqual([]);
  });

  it('fall back to the file when it refuses, and leave nothing behind in it', async () => {
    const keyring = createMemoryKeyring();
    const store = withKeyring(keyring);
    await save(store, 'work');
    keyring.refuses = true;
    const again = await save(store, 'work', { key: 'second' });
    expect(again.keptIn).toBe('file');
    expect(await store.readKey(again)).toBe('second');
    expect([...keyring.secrets]).toEqual([]);
    keyring.refuses = false;
    await save(store, 'work', { key: 'third' });
    expect(await readFile(join(folder, 'credentials.json'), 'utf8')).not.toContain('second');
  });
});

it.each([
  [{ XDG_CONFIG_HOME: '/x', HOME: '/h' }, 'linux', '/x/tenon'],
  [{ XDG_CONFIG_HOME: 'relative', HOME: '/h' }, 'linux', '/h/.config/tenon'],
  [{ HOME: '/h' }, 'darwin', '/h/.config/tenon'],
  [{ HOME: '/h' }, 'win32', undefined],
  [{}, 'linux', undefined],
] as const)('finds the folder for %j on %s', (variables, platform, expected) => {
  expect(profileDirectory(variables, platform)).toBe(expected);
});
