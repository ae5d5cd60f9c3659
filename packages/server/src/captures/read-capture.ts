import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import { TenonError } from '@tenon/runtime/errors';
import { captureSchema, type Capture } from '@tenon/runtime/contract';

const unzip = promisify(gunzip);

/** Of a capture as JSON: far above what workers keep, and far below what would hurt. */
const maxBytes = 60_000_000;

/**
 * Reads what a worker sent. It comes from a process that is not trusted, so it may be anything.
 * @throws TenonError `capture_invalid`
 */
export async function readCapture(zipped: Uint8Array): Promise<Capture> {
  try {
    const json = await unzip(zipped, { maxOutputLength: maxBytes });
    return captureSchema.parse(JSON.parse(json.toString('utf8')));
  } catch (error) {
    throw new TenonError('capture_invalid', 'What the worker kept of the run cannot be read.', {
      hint: 'Run the function again, or record it with `tenon record`.',
      cause: error,
    });
  }
}
