import { z } from 'zod';

/**
 * What a script's process asks the server while it runs, beside sending pages: one question, one answer, in any order.
 * Few and small; the questions come from a process that is not trusted, so the server reads them with this schema.
 */
const recordId = z.string().min(1).max(1_000);
const modelName = z.string().max(100);
const shortText = z.string().min(1).max(500);
const headerNumber = z.number().finite();

export const askSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('partition-state'), partition: shortText }),
  z.object({ kind: z.literal('read-records'), model: modelName, ids: z.array(recordId).max(1_000) }),
  z.object({
    kind: z.literal('list-records'),
    model: modelName,
    after: recordId.optional(),
    limit: z.number().int().min(1).max(1_000),
  }),
  z.object({
    kind: z.literal('list-quarantined'),
    after: z.number().int().nonnegative(),
    limit: z.number().int().min(1).max(1_000),
  }),
  z.object({
    kind: z.literal('lock'),
    name: shortText,
    scope: z.enum(['connection', 'environment']),
    ttlMs: z.number().int().positive(),
  }),
  z.object({ kind: z.literal('unlock'), token: z.uuid() }),
  z.object({ kind: z.literal('variable'), name: shortText }),
  z.object({ kind: z.literal('credentials') }),
  z.object({
    kind: z.literal('metadata'),
    change: z.enum(['set', 'patch']),
    metadata: z.record(z.string(), z.unknown()),
  }),
  z.object({ kind: z.literal('call-action'), name: shortText, input: z.unknown() }),
  z.object({ kind: z.literal('trigger-sync'), name: shortText }),
  z.object({ kind: z.literal('rate-permit') }),
  z.object({
    kind: z.literal('rate-report'),
    status: z.number().int(),
    limit: headerNumber.optional(),
    remaining: headerNumber.optional(),
    /** Unix time in milliseconds. */
    resetAtMs: headerNumber.optional(),
    /** Milliseconds. */
    retryAfterMs: headerNumber.optional(),
  }),
]);
export type Ask = z.infer<typeof askSchema>;

/** What a sync, or one of its partitions, remembers. */
export interface PartitionState {
  readonly cursor?: string | number | undefined;
  readonly checkpoint?: unknown;
  /** Of resumable paginations of this very run, by key: the request of the next page, or `done`. */
  readonly progress?: Readonly<Record<string, unknown>> | undefined;
}

/** A record as it is stored. */
export interface StoredText {
  readonly id: string;
  /** Canonical JSON. */
  readonly json: string;
  /** 16 bytes, as hex. */
  readonly hash: string;
}

/** A record in quarantine: what the script gave to `save`. */
export interface QuarantinedText {
  /** Grows. */
  readonly id: number;
  readonly model: string;
  readonly json: string;
  /** Unix time in milliseconds when it was put there: what was observed later is newer. */
  readonly observedMs: number;
}

export interface Answers {
  'partition-state': PartitionState;
  /** Those that are stored and live, in any order. */
  'read-records': StoredText[];
  /** Ordered by id; `after` of the next page is the last one's id. */
  'list-records': StoredText[];
  'list-quarantined': QuarantinedText[];
  /** null: another run holds it. */
  lock: { token: string } | null;
  unlock: null;
  variable: string | null;
  credentials: Record<string, string>;
  metadata: Record<string, unknown>;
  'call-action': unknown;
  'trigger-sync': { runId: string };
  /** `calls`: so many calls may be made at once; 0: ask again in `waitMs`. `isLimited: false`: nothing is known of a limit, no need to ask for a second. */
  'rate-permit': { calls: number; waitMs: number; isLimited: boolean };
  'rate-report': null;
}
