import type { Capture } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { RecordingDraft } from '@tenon/runtime/recording';

/**
 * What the server kept of a run, as a recording holds it.
 * @throws TenonError `recording_invalid` when it is not whole, or is of a run that cannot be repeated
 */
export function toDraft(capture: Capture): RecordingDraft {
  const { kind, cut, unanswered } = capture;
  if (kind === 'replay') {
    throw new TenonError('recording_invalid', 'A run that saves the quarantine once more is no recording.', {
      hint: 'It asks the provider for nothing. Take the run that put the records there.',
    });
  }
  const missing = Object.entries(cut).flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : []));
  if (missing.length > 0) {
    throw new TenonError(
      'recording_invalid',
      `The run met more than the server keeps: ${missing.join(', ')} are missing.`,
      {
        hint: 'Record fewer pages with `--limit-pages`, or from a later cursor.',
        details: { cut },
      },
    );
  }
  const [first] = unanswered;
  if (first !== undefined) {
    throw new TenonError('recording_invalid', `The provider did not answer ${first.method} ${first.path}.`, {
      hint: 'A recording repeats answers; try again when the provider answers.',
      details: { unanswered },
    });
  }
  const { connection, start, calls } = capture;
  return {
    formatVersion: 1,
    function: capture.function,
    kind,
    provider: capture.provider,
    recordedAt: capture.capturedAt,
    clock: capture.clock,
    ...(capture.limitPages !== undefined && { limitPages: capture.limitPages }),
    connection,
    start,
    ...(capture.until !== undefined && { until: capture.until }),
    ...(capture.input !== undefined && { input: capture.input }),
    ...(capture.event && { event: capture.event }),
    variables: capture.variables,
    ...(calls.length > 0 && { calls }),
    exchanges: capture.exchanges,
  };
}
