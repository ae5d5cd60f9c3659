import { TenonError } from '../errors/tenon-error.ts';

/** Larger files are nothing for a repository, nor for whoever reads a difference. */
export const maxRecordingBytes = 10_000_000;

export function recordingTooLarge(source: string, bytes: number): TenonError {
  const megabytes = (bytes / 1_000_000).toFixed(1);
  return new TenonError('recording_too_large', `${source} has ${megabytes} MB; a recording may have 10 MB.`, {
    hint: 'Record fewer pages with `--limit-pages`, a later `--cursor`, or an account with less data.',
    details: { bytes, maxBytes: maxRecordingBytes },
  });
}
