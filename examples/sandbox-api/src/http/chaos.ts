import { z } from 'zod';
import { createRandom } from '../world/random.ts';

/** What `storm` draws from: each is what a client that retries and reads again gets over. */
export const stormModes = [
  'rate_limited',
  'server_error',
  'html_error',
  'slow',
  'truncated',
  'broken_json',
  'reset',
  'shuffled',
  'duplicated',
] as const;

/** A way of misbehaving, switched on by a test and off by `{ mode: 'off' }` or after `times`. */
export const chaosSchema = z.strictObject({
  mode: z
    .enum(['off', ...stormModes, 'refused', 'unauthorized', 'empty', 'drifted', 'storm'])
    .describe(
      'rate_limited: 429, which says by `tells` when to come back; broken_json: half of the body as if it were all; ' +
        'shuffled: the items of a page in another order; duplicated: a page begins with the last item of the one before; ' +
        'unauthorized: 401, as with an expired token; empty: a list without items; drifted: every third item has its ' +
        'whole numbers as text; storm: one of the first ones, drawn with `seed`, for a `share` of the requests; server_error: `status`; html_error: `status` with a page, as gateways do; ' +
        'slow: waits `delayMs`; truncated: half of the body, then the connection is cut; reset: cut without an answer; refused: nothing listens for `forMs`.',
    ),
  every: z.number().int().positive().default(1).describe('Only every n-th request is hit.'),
  times: z.number().int().positive().optional().describe('Off after so many hits.'),
  path: z.string().default('/').describe('Only paths that begin so.'),
  status: z.number().int().min(500).max(599).default(503),
  retryAfterSeconds: z.number().int().nonnegative().default(1),
  tells: z
    .enum(['seconds', 'date', 'reset'])
    .default('seconds')
    .describe('Retry-After in seconds or as an HTTP date, or x-ratelimit-reset as Unix time.'),
  seed: z.number().int().nonnegative().default(1).describe('Of storm: the same seed, the same answers.'),
  share: z.number().min(0).max(1).default(0.3).describe('Of storm.'),
  delayMs: z.number().int().nonnegative().default(1_000),
  forMs: z.number().int().positive().default(2_000),
});
export type ChaosInput = z.input<typeof chaosSchema>;
export type Chaos = z.output<typeof chaosSchema>;

export interface ChaosMonkey {
  readonly current: Chaos;
  set(input: ChaosInput): Chaos;
  /** What to do to this request; undefined: leave it alone. */
  hit(path: string): Chaos | undefined;
}

export function createChaosMonkey(): ChaosMonkey {
  let current = chaosSchema.parse({ mode: 'off' });
  let seen = 0;
  let hits = 0;
  let random = createRandom(current.seed);

  function drawn(): Chaos | undefined {
    if (current.mode !== 'storm') return current;
    // Drawn in any case, so that what comes later depends on the number of requests alone.
    const isHit = random.next() < current.share;
    const mode = random.pick(stormModes);
    const tells = random.pick<Chaos['tells']>(['seconds', 'date', 'reset']);
    return isHit ? { ...current, mode, tells } : undefined;
  }

  return {
    get current() {
      return current;
    },
    set(input) {
      current = chaosSchema.parse(input);
      seen = 0;
      hits = 0;
      random = createRandom(current.seed);
      return current;
    },
    hit(path) {
      if (current.mode === 'off' || current.mode === 'refused' || !path.startsWith(current.path)) return undefined;
      seen += 1;
      if (seen % current.every !== 0 || hits >= (current.times ?? Infinity)) return undefined;
      const hit = drawn();
      if (hit) hits += 1;
      return hit;
    },
  };
}
