import { readFile, stat } from 'node:fs/promises';
import { TenonError } from '../errors/tenon-error.ts';
import { maxRecordingBytes, recordingTooLarge } from './recording-size.ts';
import { recordingSchema, type Recording } from './recording-schema.ts';

/**
 * Reads a recording's text.
 * @param source of messages: the file as its user knows it
 * @throws TenonError `recording_invalid` naming each problem
 */
export function parseRecording(text: string, source: string): Recording {
  const parsed = recordingSchema.safeParse(parseJson(text, source));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  throw new TenonError('recording_invalid', `${source} is no recording: ${problems.slice(0, 5).join('; ')}.`, {
    hint: 'Record again with `tenon record`, or correct the file; docs/testing.md explains the format.',
    details: { problems },
  });
}

/**
 * Reads a recording's file.
 * @param source of messages. Default: the file
 * @throws TenonError `recording_invalid`, `recording_too_large`; `not_found` when there is no such file
 */
export async function readRecording(file: string, source = file): Promise<Recording> {
  const bytes = await findSize(file, source);
  if (bytes > maxRecordingBytes) throw recordingTooLarge(source, bytes);
  return parseRecording(await readFile(file, 'utf8'), source);
}

async function findSize(file: string, source: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    throw new TenonError('not_found', `There is no recording ${source}.`, {
      hint: 'Record one with `tenon record <integration>/<function> --connection <id>`.',
      cause: error,
    });
  }
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TenonError('recording_invalid', `${source} is not JSON: ${String(error)}.`, {
      hint: 'A merge may have left its marks in the file.',
      cause: error,
    });
  }
}
