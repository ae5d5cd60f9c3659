import { z } from 'zod';

/** A way of misbehaving, switched on by a test and off by `{ mode: 'off' }` or after `times`. */
export const chaosSchema = z.strictObject({
  mode: z
    .enum(['off', 'rate_limited', 'server_error', 'slow', 'truncated', 'html_error', 'reset', 'refused'])
    .describe(
      'rate_limited: 429 with Retry-After; server_error: `status`; html_error: `status` with a page, as gateways do; ' +
        'slow: waits `delayMs`; truncated: half of the body, then the connection is cut; reset: cut without an answer; refused: nothing listens for `forMs`.',
    ),
  every: z.number().int().positive().default(1).describe('Only every n-th request is hit.'),
  times: z.number().int().positive().optional().describe('Off after so many hits.'),
  path: z.string().default('/').describe('Only paths that begin so.'),
  status: z.number().int().min(500).max(599).default(503),
  retryAfterSeconds: z.number().int().nonnegative().default(1),
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
  return {
    get current() {
      return current;
    },
    set(input) {
      current = chaosSchema.parse(input);
      seen = 0;
      hits = 0;
      return current;
    },
    hit(path) {
      if (current.mode === 'off' || current.mode === 'refused' || !path.startsWith(current.path)) return undefined;
      seen += 1;
      if (seen % current.every !== 0 || hits >= (current.times ?? Infinity)) return undefined;
      hits += 1;
      return current;
    },
  };
}
