import type { SandboxSettings } from '../sandbox-options.ts';
import type { LazyAuthorization } from '../authorization/lazy-authorization.ts';
import type { World } from '../world/world.ts';
import type { Keyring } from './authenticate.ts';
import type { ChaosMonkey } from './chaos.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { RequestStats } from './request-stats.ts';

/** What the routes share. */
export interface SandboxContext {
  readonly settings: SandboxSettings;
  readonly world: World;
  readonly keyring: Keyring;
  readonly authorization: LazyAuthorization;
  readonly limiter: RateLimiter;
  readonly chaos: ChaosMonkey;
  readonly stats: RequestStats;
}
