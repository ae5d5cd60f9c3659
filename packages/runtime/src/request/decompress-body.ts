import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { TenonError } from '../errors/tenon-error.ts';
import { failTooLarge } from './answer-limit.ts';

const decompressors = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
} as const;

/** What the engine asks for: undici leaves decompression to its callers, and JSON shrinks to a fifth or less. */
export const acceptedEncodings = 'gzip, br';

function isSupported(encoding: string): encoding is keyof typeof decompressors {
  return Object.hasOwn(decompressors, encoding);
}

/**
 * Undoes the answer's Content-Encoding. The limit also holds for what comes out, so that a small answer cannot
 * unfold into all of the memory.
 * @throws TenonError `provider_answer_too_large`, `provider_answer_invalid`
 */
export async function decompressBody(
  body: Buffer,
  contentEncoding: string | undefined,
  maxAnswerBytes: number,
): Promise<Buffer> {
  const encoding = contentEncoding?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity' || body.length === 0) return body;
  if (!isSupported(encoding)) {
    throw new TenonError('provider_answer_invalid', `The provider's answer has the content encoding "${encoding}".`, {
      hint: `Ask for one of: ${acceptedEncodings}.`,
    });
  }
  try {
    return await decompressors[encoding](body, { maxOutputLength: maxAnswerBytes });
  } catch (cause) {
    if (cause instanceof RangeError) return failTooLarge(maxAnswerBytes);
    throw new TenonError('provider_answer_invalid', `The provider's answer is not valid ${encoding}.`, { cause });
  }
}
