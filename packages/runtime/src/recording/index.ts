export { findSecrets, type FoundSecret } from './find-secrets.ts';
export { formatRecording } from './format-recording.ts';
export { parseRecording, readRecording } from './read-recording.ts';
export { recordingSchema, type RecordedOutcome, type Recording, type RecordingDraft } from './recording-schema.ts';
export { maxRecordingBytes } from './recording-size.ts';
export { redactRecording, type RedactionOptions } from './redact-recording.ts';
export { refuseSecrets } from './refuse-secrets.ts';
