import { z } from 'zod';

export const callActionSchema = z.strictObject({ input: z.unknown() });
export const actionResultSchema = z.object({ runId: z.uuid(), output: z.unknown() });
export type ActionResult = z.infer<typeof actionResultSchema>;
