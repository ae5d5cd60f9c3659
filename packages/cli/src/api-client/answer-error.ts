import { errorBodySchema } from '@tenon/runtime/contract';
import { errorRegistry, isErrorCode, TenonError, type ErrorCode } from '@tenon/runtime/errors';
import { compareVersions } from './compare-versions.ts';
import { isPage, readHeader, refusePage, refuseUnknownForm, serverVersionOf, upgradeHint } from './server-answer.ts';
import type { ServerAnswer } from './server-answer.ts';

/** The error that an answer outside 2xx stands for, of the server or of whatever stands before it. */
export function answerError(answer: ServerAnswer): TenonError {
  if (answer.status >= 300 && answer.status < 400) return refuseRedirect(answer);
  const parsed = errorBodySchema.safeParse(readJson(answer.body));
  return parsed.success ? serverError(answer, parsed.data.error) : strangerError(answer);
}

interface ServerErrorBody {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly details?: Record<string, unknown> | undefined;
  readonly requestId: string;
}

/**
 * A code that this version does not know, of a newer server, becomes the known one that means the same to a caller:
 * its status decides.
 */
function serverError(answer: ServerAnswer, error: ServerErrorBody): TenonError {
  const { code, message, hint, details, requestId } = error;
  const theirs = serverVersionOf(answer);
  const isOlder = theirs !== undefined && compareVersions(theirs, answer.ownVersion) < 0;
  if (details?.['missing'] === 'route' || (code === 'method_not_allowed' && isOlder)) {
    return new TenonError('server_too_old', `The server cannot do this yet: it does not know ${answer.request}.`, {
      hint: theirs === undefined ? 'Upgrade the server.' : upgradeHint(theirs, answer.ownVersion),
      details: { requestId, ...(theirs !== undefined && { serverVersion: theirs, cliVersion: answer.ownVersion }) },
    });
  }
  const known = isErrorCode(code) ? code : codeForStatus(answer.status);
  const retryAfterSeconds = details?.['retryAfterSeconds'] ?? readRetryAfter(answer);
  const facts = {
    ...details,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    requestId,
    ...(known !== code && { serverCode: code }),
  };
  // A newer command line may ask for what an older server does not take.
  const advice = known === 'request_invalid' && isOlder ? [hint, upgradeHint(theirs, answer.ownVersion)] : [hint];
  const shown = advice.filter(Boolean).join(' ');
  return new TenonError(known, message, { ...(shown !== '' && { hint: shown }), details: facts });
}

/** Statuses of load balancers that reach no server, Cloudflare's own (520 to 527) included. */
const isGatewayStatus = (status: number) => [502, 503, 504].includes(status) || (status >= 520 && status <= 527);

function strangerError(answer: ServerAnswer): TenonError {
  const { status, request, url } = answer;
  const retryAfterSeconds = readRetryAfter(answer);
  const details = { status, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  if (isGatewayStatus(status)) {
    return new TenonError('server_gateway_failed', `${request} answered ${status}: the server behind ${url} is away.`, {
      hint: 'Whatever stands before the server (a load balancer, a proxy) does not reach it. Look there, or try again in a moment.',
      details,
    });
  }
  if (status === 429) {
    return new TenonError('rate_limited', `What stands before ${url} refused ${request}: too many requests.`, {
      hint: `Try again in ${retryAfterSeconds ?? 'some'} s.`,
      details,
    });
  }
  if (status === 407) {
    return new TenonError('proxy_failed', 'The proxy wants a name and a password.', {
      hint: 'Write them into HTTPS_PROXY or HTTP_PROXY: http://name:password@proxy:8080.',
      details,
    });
  }
  if (isPage(answer)) return refusePage(answer);
  return refuseUnknownForm(answer, { message: `${request} answered ${status} with an error of another form.` });
}

/** The key goes to the address that was named and to no other, so a redirect is never followed. */
function refuseRedirect(answer: ServerAnswer): TenonError {
  const location = readHeader(answer, 'location') ?? '';
  const target = URL.canParse(location, answer.url) ? new URL(location, answer.url) : undefined;
  const isDowngrade = target?.protocol === 'http:' && new URL(answer.url).protocol === 'https:';
  const place = target === undefined ? 'another address' : target.origin;
  return new TenonError(
    'server_redirected',
    `${answer.url} sends on to ${place}${isDowngrade ? ', without encryption' : ''}; the API key was not sent there.`,
    {
      hint: isDowngrade
        ? 'Do not trust it: correct what stands before the server, so that it stays with https.'
        : `If ${place} is your server, name it with --url, TENON_URL or the environment in tenon.config.ts.`,
      details: { status: answer.status, ...(target && { location: target.origin }) },
    },
  );
}

/** Seconds, of both forms that RFC 9110 section 10.2.3 allows. */
function readRetryAfter(answer: ServerAnswer): number | undefined {
  const text = readHeader(answer, 'retry-after')?.trim();
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1_000));
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
