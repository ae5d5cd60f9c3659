import { z } from 'zod';

/** A server that somebody logged in to, without the key itself. */
export const profileSchema = z.object({
  url: z.url({ protocol: /^https?$/ }),
  environment: z.string(),
  keyPrefix: z.string(),
  /** Null: the key does not expire. */
  expiresAt: z.string().nullable(),
  /** `login`: the key was made for this profile, and ends with it; `token`: it was handed over, and may be used elsewhere. */
  origin: z.enum(['login', 'token']),
  keptIn: z.enum(['keyring', 'file']),
  savedAt: z.string(),
});
export type Profile = z.infer<typeof profileSchema>;

export interface NamedProfile extends Profile {
  readonly name: string;
}

/** Names are typed on command lines and can be those of hosts. */
export const profileNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

export const profilesFileSchema = z.object({
  version: z.literal(1),
  /** The one that was logged in to last. */
  current: z.string().nullable(),
  profiles: z.record(z.string(), profileSchema),
});
export type ProfilesFile = z.infer<typeof profilesFileSchema>;

/** By the name of the profile. */
export const credentialsFileSchema = z.object({ version: z.literal(1), keys: z.record(z.string(), z.string()) });
export type CredentialsFile = z.infer<typeof credentialsFileSchema>;
