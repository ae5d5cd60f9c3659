import { isAnyArrayBuffer } from 'node:util/types';
import { TenonError } from '../errors/tenon-error.ts';

export interface EncodedBody {
  readonly bytes: string | Uint8Array | null;
  /** Undefined: no body, or bytes of unknown kind. */
  readonly contentType?: string;
}

function failBody(what: string, cause?: unknown): never {
  throw new TenonError('provider_request_invalid', `The request body cannot be sent: ${what}.`, {
    hint: 'Send a JSON value, URLSearchParams, text, bytes, a Blob or FormData.',
    cause,
  });
}

function encodeJson(body: unknown): EncodedBody {
  let text: string | undefined;
  try {
    text = JSON.stringify(body);
  } catch (cause) {
    failBody('it is not JSON (a cycle or a BigInt)', cause);
  }
  if (text === undefined) failBody(`a ${typeof body} has no JSON form`);
  return { bytes: text, contentType: 'application/json' };
}

/**
 * Encodes a body once, so that every attempt sends the same bytes. Kinds are told by their tags and not by instanceof:
 * scripts may run in a realm of their own.
 * @throws TenonError `provider_request_invalid`
 */
export async function encodeBody(body: unknown): Promise<EncodedBody> {
  if (body === undefined) return { bytes: null };
  if (typeof body === 'string') return { bytes: body, contentType: 'text/plain;charset=UTF-8' };
  if (ArrayBuffer.isView(body)) return { bytes: new Uint8Array(body.buffer, body.byteOffset, body.byteLength) };
  if (isAnyArrayBuffer(body)) return { bytes: new Uint8Array(body) };
  switch (Object.prototype.toString.call(body)) {
    case '[object URLSearchParams]':
      return { bytes: String(body), contentType: 'application/x-www-form-urlencoded;charset=UTF-8' };
    case '[object FormData]':
    case '[object Blob]':
    case '[object File]': {
      // Buffered: retries need the same bytes again, and many APIs refuse uploads without a Content-Length.
      const encoded = new Response(body as FormData | Blob);
      const contentType = encoded.headers.get('content-type');
      const bytes = new Uint8Array(await encoded.arrayBuffer());
      return contentType === null ? { bytes } : { bytes, contentType };
    }
    case '[object ReadableStream]':
      return failBody('it is a stream, which cannot be sent twice');
    default:
      if (typeof body === 'object' && body !== null && Symbol.asyncIterator in body) {
        failBody('it is a stream, which cannot be sent twice');
      }
      return encodeJson(body);
  }
}
