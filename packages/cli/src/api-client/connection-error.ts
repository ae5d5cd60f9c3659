import { TenonError, type ErrorCode } from '@tenon/runtime/errors';
import { isLoopback } from './is-loopback.ts';

/** A call that got no whole answer. */
export interface FailedCall {
  readonly url: string;
  readonly request: string;
  readonly cause: unknown;
  /** Where requests to this address are sent instead, without its password; undefined: nowhere. */
  readonly proxy: string | undefined;
}

interface Explanation {
  readonly code: ErrorCode;
  readonly message: (call: FailedCall, reason: string) => string;
  readonly hint: (call: FailedCall, reason: string) => string;
}

const refused: Explanation = {
  code: 'server_unreachable',
  message: ({ url }, reason) => `The Tenon server at ${url} cannot be reached: ${reason}.`,
  hint: ({ url }) =>
    isLoopback(url)
      ? 'Start it with `tenon dev` or `tenon server start`, or name another with --url or TENON_URL.'
      : 'Check the address (--url, TENON_URL or the environment in tenon.config.ts) and that the server runs.',
};

const unknownName: Explanation = {
  code: 'server_name_unknown',
  message: ({ url }, reason) => `The name ${new URL(url).hostname} is not known to DNS (${reason}).`,
  hint: () => 'Check the address for typing errors, and the network: a VPN may be needed for the name to be known.',
};

const untrusted: Explanation = {
  code: 'server_tls_failed',
  message: ({ url }, reason) => `No encrypted connection to ${url} could be made: ${reason}.`,
  hint: (_call, reason) =>
    /WRONG_VERSION_NUMBER|EPROTO|packet length/i.test(reason)
      ? 'Nothing there speaks TLS: write http:// if the server has no certificate, or check the port.'
      : 'If the certificate is of your own authority, name its file in NODE_EXTRA_CA_CERTS. Otherwise renew or correct it.',
};

const late: Explanation = {
  code: 'server_timeout',
  message: ({ url, request }, reason) => `${url} did not answer ${request} in time: ${reason}.`,
  hint: () => 'The network or the server is very slow, or a firewall drops what is sent. Try again, or look there.',
};

const lost: Explanation = {
  code: 'server_connection_lost',
  message: ({ url, request }, reason) => `The connection to ${url} broke off during ${request}: ${reason}.`,
  hint: () => 'The server may have restarted, or something between closed the connection. Try again in a moment.',
};

const stranger: Explanation = {
  code: 'server_not_tenon',
  message: ({ url }, reason) => `What answers at ${url} does not speak HTTP (${reason}).`,
  hint: () => 'Check the port, and whether the address has to begin with https://.',
};

const proxy: Explanation = {
  code: 'proxy_failed',
  message: ({ url, proxy: address }, reason) => `The proxy ${address ?? ''} does not lead to ${url}: ${reason}.`,
  hint: () => 'Check HTTPS_PROXY and HTTP_PROXY; hosts in NO_PROXY are reached without it.',
};

const refusedByProxy: Explanation = {
  ...proxy,
  hint: () => 'Write its name and password into HTTPS_PROXY or HTTP_PROXY: http://name:password@proxy:8080.',
};

/** fetch refuses some ports (WHATWG Fetch, "port blocking"), as browsers do. */
const blockedPort: Explanation = {
  ...refused,
  hint: () =>
    'Web clients, browsers too, refuse this port, which is that of another protocol: give the server another port.',
};

/** Of fetch itself, which has no codes. */
const explanationsByMessage: ReadonlyArray<readonly [RegExp, Explanation]> = [
  [/proxy authentication required/i, refusedByProxy],
  [/^bad port$/, blockedPort],
  [/proxy response|tunnel/i, proxy],
];

/** From the first that fits; codes are those of Node (errors.html), OpenSSL, llhttp (HPE_) and undici (UND_ERR_). */
const explanations: ReadonlyArray<readonly [RegExp, Explanation]> = [
  [/^(ENOTFOUND|EAI_\w+)$/, unknownName],
  [/^(UND_ERR_CONNECT_TIMEOUT|UND_ERR_BODY_TIMEOUT|UND_ERR_HEADERS_TIMEOUT|ETIMEDOUT|deadline)$/, late],
  [/^(EPROTO|ERR_TLS_\w+|ERR_SSL_\w+|\w*CERT\w*|UNABLE_TO_\w+|HOSTNAME_MISMATCH|CRL_\w+|INVALID_CA)$/, untrusted],
  [/^(HPE_\w+|HTTPParserError)$/, stranger],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|UND_ERR_DESTROYED)$/, lost],
];

/** Says why a call got no answer; each cause has a code of its own, since each is put right in another place. */
export function connectionError(call: FailedCall): TenonError {
  const { code, message } = innermost(call.cause);
  const reason = describeReason(code, message);
  const found =
    explanationsByMessage.find(([pattern]) => pattern.test(message))?.[1] ??
    explanations.find(([pattern]) => pattern.test(code))?.[1] ??
    refused;
  // A proxy that is away fails as the server would.
  const { code: errorCode, ...words } = found === refused && call.proxy !== undefined ? proxy : found;
  return new TenonError(errorCode, words.message(call, reason), {
    hint: words.hint(call, `${code} ${message}`),
    details: { reason: code, ...(call.proxy !== undefined && { proxy: call.proxy }) },
    cause: call.cause,
  });
}

/** Some errors only wrap the one that has the code. */
function innermost(cause: unknown): { code: string; message: string } {
  let current = cause;
  for (let depth = 0; depth < 5; depth += 1) {
    const { code, cause: inner } = current as { code?: unknown; cause?: unknown };
    if (typeof code === 'string' || !(inner instanceof Error)) break;
    current = inner;
  }
  const { code, name, message } = current as { code?: unknown; name?: unknown; message?: unknown };
  // undici gives its own parser's errors a name only.
  const known = typeof code === 'string' ? code : name === 'HTTPParserError' ? name : 'unknown';
  return { code: known, message: typeof message === 'string' ? message : '' };
}

function describeReason(code: string, message: string): string {
  // Node's AggregateError, of a name with several addresses, has an empty message; system errors repeat the code.
  if (code === 'deadline' || code === 'unknown') return message || 'the connection failed';
  if (message === '' || message.includes(code) || /^E[A-Z]+$/.test(code)) return code;
  const [line = ''] = message.split('\n', 1);
  return `${line.replace(/\.$/, '')} (${code})`;
}
