import { errorBodySchema } from '@tenon/runtime/contract';
import { errorRegistry, isErrorCode, TenonError, type ErrorCode } from '@tenon/runtime/errors';

/**
 * The error that an answer outside 2xx stands for. A code that this version does not know, of a newer server, becomes
 * the known one that means the same to a caller: its status decides.
 */
export function answerError(answer: { status: number; body: string; request: string }): TenonError {
  const parsed = errorBodySchema.safeParse(readJson(answer.body));
  if (!parsed.success) {
    return new TenonError(
      'server_answer_invalid',
      `${answer.request} answered ${answer.status} with something that is not a Tenon server's error.`,
      { hint: 'Check that the address is that of a Tenon server, and what stands between.' },
    );
  }
  const { code, message, hint, details, requestId } = parsed.data.error;
  const known = isErrorCode(code) ? code : codeForStatus(answer.status);
  const facts = { ...details, requestId, ...(known !== code && { serverCode: code }) };
  return new TenonError(known, message, { ...(hint !== undefined && { hint }), details: facts });
}

const codeByStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'payload_too_large',
  429: 'rate_limited',
  503: 'unavailable',
};

function codeForStatus(status: number): ErrorCode {
  return codeByStatus[status] ?? (status < errorRegistry.internal.status ? 'request_invalid' : 'internal');
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
