import { z } from 'zod';
import { TenonError } from '../errors/tenon-error.ts';

/** Some recorders keep numbers as numbers. */
const headerValue = z.union([z.string(), z.number()]).transform(String);

/** One request on the wire and its answer, as recordings keep them. The value "[redacted]" stands for any. */
export const exchangeSchema = z.strictObject({
  request: z.strictObject({
    method: z.string(),
    path: z.string().startsWith('/').describe('On the wire: from the origin on, with the query.'),
    headers: z.record(z.string(), z.string()).optional().describe('Compared where present; others may be sent too.'),
    body: z.unknown().optional().describe('JSON or text; a form is written as an object. Absent: not compared.'),
  }),
  response: z.strictObject({
    status: z.number().int().min(200).max(599),
    headers: z.record(z.string(), headerValue).default({}),
    body: z.unknown().optional().describe('Objects and lists are sent as JSON, text as it is.'),
    bodyBase64: z.base64().optional().describe('Instead of body: bytes that are no text.'),
  }),
});

/** An exchange as a recording spells it. */
export type Exchange = z.input<typeof exchangeSchema>;
/** An exchange with defaults filled in. */
export type RecordedExchange = z.output<typeof exchangeSchema>;

/**
 * Reads the exchanges of a recording.
 * @throws TenonError `recording_invalid` naming each problem
 */
export function readExchanges(exchanges: readonly unknown[]): RecordedExchange[] {
  const parsed = z.array(exchangeSchema).safeParse(exchanges);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new TenonError('recording_invalid', `The recorded exchanges cannot be read: ${problems.join('; ')}.`, {
    hint: 'Each is { request: { method, path, headers?, body? }, response: { status, headers?, body? } }.',
    details: { problems },
  });
}
