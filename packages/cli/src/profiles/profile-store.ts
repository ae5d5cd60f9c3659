import { join } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';
import type { Keyring } from './keyring.ts';
import { lockDirectory } from './lock-directory.ts';
import { openKeyring } from './open-keyring.ts';
import {
  credentialsFileSchema,
  profilesFileSchema,
  type CredentialsFile,
  type NamedProfile,
  type Profile,
  type ProfilesFile,
} from './profile.ts';
import { profileDirectory } from './profile-directory.ts';
import { readJsonFile } from './read-json-file.ts';
import { writePrivateFile } from './write-private-file.ts';

/** The servers that somebody logged in to on this machine. */
export interface ProfileStore {
  /** In the order of their names. */
  list(): Promise<NamedProfile[]>;
  find(name: string): Promise<NamedProfile | undefined>;
  /** The one of an address; of several, the one that was logged in to last. */
  findByUrl(url: string): Promise<NamedProfile | undefined>;
  /** The one that was logged in to last. */
  findCurrent(): Promise<NamedProfile | undefined>;
  /** Undefined when the keyring or the file has it no more. */
  readKey(profile: NamedProfile): Promise<string | undefined>;
  /** Adds it or takes the place of the one of its name, and makes it the current one. */
  save(
    profile: Omit<Profile, 'keptIn'> & { name: string },
    options: { key: string; signal: AbortSignal },
  ): Promise<NamedProfile>;
  remove(profile: NamedProfile, options: { signal: AbortSignal }): Promise<void>;
  /** Where its files are. */
  readonly directory: string | undefined;
}

const noProfiles: ProfilesFile = { version: 1, current: null, profiles: {} };
const noKeys: CredentialsFile = { version: 1, keys: {} };

/**
 * `profiles.json` says what there is; the keys themselves are in the keyring of the operating system, or else in
 * `credentials.json`, which only its owner may read. Both files are replaced as a whole behind a lock.
 */
export function openProfileStore(
  variables: Readonly<Record<string, string | undefined>>,
  parts: { keyring?: () => Promise<Keyring | undefined> } = {},
): ProfileStore {
  const directory = profileDirectory(variables);
  const loadKeyring = parts.keyring ?? (() => openKeyring(variables));
  const at = (folder: string) => ({
    profiles: join(folder, 'profiles.json'),
    credentials: join(folder, 'credentials.json'),
  });

  async function readProfiles(): Promise<ProfilesFile> {
    if (directory === undefined) return noProfiles;
    return (await readJsonFile(at(directory).profiles, profilesFileSchema)) ?? noProfiles;
  }

  async function readKeys(): Promise<CredentialsFile> {
    if (directory === undefined) return noKeys;
    return (await readJsonFile(at(directory).credentials, credentialsFileSchema)) ?? noKeys;
  }

  function change(signal: AbortSignal, edit: (files: { profiles: ProfilesFile; keys: CredentialsFile }) => void) {
    const folder = requireDirectory(directory);
    return lockDirectory(folder, {
      signal,
      async work() {
        const files = { profiles: structuredClone(await readProfiles()), keys: structuredClone(await readKeys()) };
        const before = JSON.stringify(files.keys);
        edit(files);
        // First the key: a profile without one is worse than a key without a profile.
        if (JSON.stringify(files.keys) !== before) await writePrivateFile(at(folder).credentials, print(files.keys));
        await writePrivateFile(at(folder).profiles, print(files.profiles));
      },
    }).catch((error: unknown) => {
      throw explain(error, folder);
    });
  }

  return {
    directory,
    async list() {
      const { profiles } = await readProfiles();
      return Object.keys(profiles)
        .sort()
        .flatMap((name) => named(profiles, name) ?? []);
    },
    find: async (name) => named((await readProfiles()).profiles, name),
    async findByUrl(url) {
      const { profiles } = await readProfiles();
      const ofUrl = Object.keys(profiles).flatMap((name) => named(profiles, name) ?? []);
      return ofUrl
        .filter((profile) => isSameServer(profile.url, url))
        .sort((left, right) => right.savedAt.localeCompare(left.savedAt))[0];
    },
    async findCurrent() {
      const { current, profiles } = await readProfiles();
      return current === null ? undefined : named(profiles, current);
    },
    async readKey(profile) {
      if (profile.keptIn === 'file') return (await readKeys()).keys[profile.name];
      return (await loadKeyring())?.read(accountOf(profile));
    },
    async save(profile, { key, signal }) {
      requireDirectory(directory);
      const before = await this.find(profile.name);
      const keyring = await loadKeyring();
      const isKept = (await keyring?.store(accountOf(profile), key)) === true;
      const { name, ...rest } = profile;
      const saved: Profile = { ...rest, keptIn: isKept ? 'keyring' : 'file' };
      await change(signal, ({ profiles, keys }) => {
        profiles.profiles[name] = saved;
        profiles.current = name;
        if (isKept) delete keys.keys[name];
        else keys.keys[name] = key;
      });
      if (before?.keptIn === 'keyring' && (!isKept || accountOf(before) !== accountOf(profile))) {
        await keyring?.remove(accountOf(before));
      }
      return { ...saved, name };
    },
    async remove(profile, { signal }) {
      await change(signal, ({ profiles, keys }) => {
        delete profiles.profiles[profile.name];
        delete keys.keys[profile.name];
        if (profiles.current === profile.name) profiles.current = null;
      });
      if (profile.keptIn === 'keyring') await (await loadKeyring())?.remove(accountOf(profile));
    },
  };
}

function named(profiles: ProfilesFile['profiles'], name: string): NamedProfile | undefined {
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  return profile && { ...profile, name };
}

/** Of the keyring, which all profile folders of a machine share. */
function accountOf({ name, url }: { name: string; url: string }): string {
  return `${name} ${url}`;
}

function isSameServer(left: string, right: string): boolean {
  return normalise(left) === normalise(right);
}

function normalise(url: string): string {
  return URL.canParse(url) ? new URL(url).href.replace(/\/+$/, '') : url;
}

function print(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function requireDirectory(directory: string | undefined): string {
  if (directory !== undefined) return directory;
  throw new TenonError('profile_store_failed', 'There is no home folder to keep profiles in.', {
    hint: 'Set HOME or XDG_CONFIG_HOME (on Windows APPDATA), or use TENON_URL and TENON_API_KEY.',
  });
}

function explain(error: unknown, folder: string): unknown {
  if (error instanceof TenonError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  return new TenonError('profile_store_failed', `Profiles cannot be written to ${folder}: ${code}.`, {
    hint: 'Check the permissions of the folder and the space on its disk, or set XDG_CONFIG_HOME.',
    cause: error,
  });
}
