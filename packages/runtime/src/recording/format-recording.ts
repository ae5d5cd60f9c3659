import { maxRecordingBytes, recordingTooLarge } from './recording-size.ts';
import { recordingSchema, type Recording } from './recording-schema.ts';

/**
 * A recording as its file holds it. Keys are in the order of the schema and headers, records and states in that of
 * their names, so that recording again changes the lines that differ. Bodies keep their order: a script may see it.
 * @param source of messages: the file's name
 * @throws TenonError `recording_too_large`
 */
export function formatRecording(recording: Recording, source: string): string {
  const ordered = recordingSchema.parse(recording);
  const text = `${JSON.stringify(
    {
      ...ordered,
      connection: sortKeys(ordered.connection),
      start: sortKeys(ordered.start),
      variables: sortKeys(ordered.variables),
      exchanges: ordered.exchanges.map(({ request, response }) => ({
        request: { ...request, ...(request.headers && { headers: sortKeys(request.headers) }) },
        response: { ...response, headers: sortKeys(response.headers) },
      })),
      outcome: sortOutcome(ordered.outcome),
    },
    null,
    2,
  )}\n`;
  const bytes = Buffer.byteLength(text);
  if (bytes > maxRecordingBytes) throw recordingTooLarge(source, bytes);
  return text;
}

/** The outcome's own fields keep the schema's order; what is in them is sorted. */
function sortOutcome(outcome: Recording['outcome']): unknown {
  return Object.fromEntries(Object.entries(outcome).map(([name, value]) => [name, sortKeys(value)]));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sortKeys(inner)]));
}
