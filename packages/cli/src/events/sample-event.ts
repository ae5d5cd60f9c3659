import { z } from 'zod';

/** An event of a provider as its documentation shows it, to be sent to a sync's onWebhook. */
export interface SampleEvent {
  /** Of its file, such as `issues-opened`. */
  readonly name: string;
  readonly description: string;
  /** Where the provider documents it; undefined for those that a project wrote. */
  readonly source: string | undefined;
  /** Those that take it; undefined: every sync of the integration that takes events. */
  readonly syncs: readonly string[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What a file of a sample event holds. */
export const sampleEventSchema = z.strictObject({
  description: z.string().default(''),
  source: z.url().optional(),
  syncs: z.array(z.string()).min(1).optional(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown(),
});
