import type { Kysely } from 'kysely';
import { TenonError } from '@tenon/runtime/errors';
import type { Capture, Run } from '@tenon/runtime/contract';
import { decrypt, encrypt } from '../credentials/envelope.ts';
import type { Keyring } from '../credentials/keyring.ts';
import type { Schema } from '../database/schema.ts';
import { captureMissing } from './capture-missing.ts';
import { findCapture } from './queries/find-capture.ts';
import { putCapture } from './queries/put-capture.ts';
import { reserveCaptureId } from './queries/reserve-capture-id.ts';
import { readCapture } from './read-capture.ts';

/** What runs that failed had met. It holds customers' data, so it lies encrypted, like credentials, and for days only. */
export interface CaptureStore {
  /** Whether runs are captured at all. */
  readonly isOn: boolean;
  /** @param capture as its worker sent it; it is looked at when it is read */
  keep(run: { id: string; attempt: number }, capture: Uint8Array): Promise<void>;
  /** @throws TenonError `capture_missing` with the reason; `capture_invalid`; `decryption_failed` */
  read(run: Run): Promise<Capture>;
}

export function createCaptureStore(context: {
  readonly database: Kysely<Schema>;
  readonly keyring: Keyring;
  /** How long they are kept; 0: nothing is captured. */
  readonly days: number;
  /** Unix time in milliseconds. */
  now(): number;
}): CaptureStore {
  const { database, keyring, days, now } = context;
  const placeOf = (row: number) => ({ table: 'run_captures', column: 'capture', row });

  return {
    isOn: days > 0,
    async keep({ id: runId, attempt }, capture) {
      const id = await reserveCaptureId(database);
      // Envelopes are of text.
      const envelope = encrypt(Buffer.from(capture).toString('base64'), { keyring, place: placeOf(id) });
      await putCapture(database, { id, runId, attempt, envelope, now: new Date(now()) });
    },
    async read(run) {
      const stored = await findCapture(database, run.id);
      if (!stored) throw captureMissing(run, { days, now: now() });
      const text = await decrypt(stored.capture, { keyring, place: placeOf(Number(stored.id)) });
      const capture = await readCapture(Buffer.from(text, 'base64'));
      if (capture.runId === run.id) return capture;
      throw new TenonError('capture_invalid', 'What the worker kept is of another run.');
    },
  };
}
