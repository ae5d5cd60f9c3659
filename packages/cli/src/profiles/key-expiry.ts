import type { NamedProfile } from './profile.ts';

const dayMs = 86_400_000;
/** From when on it is worth a warning. */
const soonDays = 14;

export interface KeyExpiry {
  readonly state: 'good' | 'soon' | 'expired';
  /** Whole days that are left; null: it does not expire. */
  readonly daysLeft: number | null;
}

/** How long a key is still good. */
export function readKeyExpiry(expiresAt: string | null | undefined, nowMs: number): KeyExpiry {
  if (expiresAt === null || expiresAt === undefined) return { state: 'good', daysLeft: null };
  const leftMs = Date.parse(expiresAt) - nowMs;
  const daysLeft = Math.max(0, Math.floor(leftMs / dayMs));
  if (leftMs <= 0) return { state: 'expired', daysLeft };
  return { state: leftMs < soonDays * dayMs ? 'soon' : 'good', daysLeft };
}

/** The command that gives a profile a new key. */
export function loginCommand({ name, url }: Pick<NamedProfile, 'name' | 'url'>): string {
  return `tenon login ${url} --profile ${name}`;
}
