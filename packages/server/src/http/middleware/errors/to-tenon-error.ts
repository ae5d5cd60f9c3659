import { TenonError } from '@tenon/runtime/errors';
import { translateDatabaseError } from '../../../database/translate-database-error.ts';

type Translate = (error: Error & { code: string }) => TenonError;

/** What Fastify and Postgres throw, by their own codes, in the house's words. */
const translations: Readonly<Record<string, Translate>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () =>
    new TenonError('payload_too_large', 'The request body is larger than this route takes.', {
      hint: 'Most routes take 1 MB, bundles 5 MB, manifests 20 MB.',
    }),
  FST_ERR_CTP_INVALID_JSON_BODY: () =>
    new TenonError('request_invalid', 'The request body is not valid JSON.', { hint: 'Send JSON in UTF-8.' }),
  FST_ERR_CTP_EMPTY_JSON_BODY: () =>
    new TenonError('request_invalid', 'The request says that its body is JSON, but the body is empty.', {
      hint: 'Leave out the Content-Type header, or send a body.',
    }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    new TenonError('request_invalid', 'The Content-Type of the request is not one that this route reads.', {
      hint: 'Send application/json; bundles are text/plain.',
    }),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    new TenonError('request_invalid', 'The request body does not have the length that Content-Length says.'),
  FST_ERR_BAD_URL: () =>
    new TenonError('request_invalid', 'The address of the request is not valid.', {
      hint: 'Encode names with encodeURIComponent.',
    }),
  FST_ERR_MAX_PARAM_LENGTH: () => new TenonError('request_invalid', 'A part of the address is too long.'),
  // character_not_in_repertoire and untranslatable_character: a NUL, which Postgres keeps in no text.
  '22021': () => nulCharacter(),
  '22P05': () => nulCharacter(),
  // lock_not_available, query_canceled (by statement_timeout).
  '55P03': (error) => unavailable('Something else holds what this request needs for too long.', error),
  '57014': (error) => unavailable('The database took too long.', error),
};

/** Every error as one of the house; what was not foreseen becomes `internal`, without its message. */
export function toTenonError(error: unknown): TenonError {
  const known = translateDatabaseError(error);
  if (known instanceof TenonError) return known;
  if (error instanceof Error) {
    if ('code' in error && typeof error.code === 'string') {
      const translate = Object.hasOwn(translations, error.code) ? translations[error.code] : undefined;
      if (translate) return translate(Object.assign(error, { code: error.code }));
    }
    if (isClientError(error))
      return new TenonError('request_invalid', 'The request is not valid HTTP.', { cause: error });
  }
  return new TenonError('internal', 'The server failed in a way that it did not foresee.', {
    hint: "Look for this request's id in the server's log.",
    cause: error,
  });
}

function isClientError(error: Error): boolean {
  return (
    'statusCode' in error && typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500
  );
}

function nulCharacter(): TenonError {
  return new TenonError('request_invalid', 'A text of the request holds a NUL character, which cannot be kept.');
}

function unavailable(message: string, cause: Error): TenonError {
  return new TenonError('unavailable', message, { hint: 'Try again in a moment.', cause });
}
