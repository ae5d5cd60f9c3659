import { TenonError } from '@tenon/runtime/errors';

/** Where a function's recordings and its test lie; with forward slashes, from the project's root. */
export interface RecordingPlace {
  readonly folder: string;
  readonly testFile: string;
}

export interface FunctionRef {
  readonly integration: string;
  readonly name: string;
}

export const recordingSuffix = '.recording.json';

/** Names of files that every system takes, and that no system reads as another one's. */
const recordingName = /^[a-z0-9][a-z0-9-]{0,79}$/;
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

export function findRecordingPlace({ integration, name }: FunctionRef): RecordingPlace {
  return { folder: `tests/${integration}/${name}`, testFile: `tests/${integration}/${name}.test.ts` };
}

/**
 * The file of one recording.
 * @throws TenonError `usage_invalid` when the name is none for a file
 */
export function toRecordingFile(ref: FunctionRef, recordingTitle: string): string {
  if (!recordingName.test(recordingTitle) || reserved.test(recordingTitle)) {
    throw new TenonError('usage_invalid', `"${recordingTitle}" is no name for a recording.`, {
      hint: 'Use lower-case letters, digits and dashes, such as `--name second-page`.',
    });
  }
  return `${findRecordingPlace(ref).folder}/${recordingTitle}${recordingSuffix}`;
}
