import { isSensitiveName, redact, redacted } from '../request/redact.ts';
import { redactTexts } from './redact-texts.ts';
import type { RecordingDraft } from './recording-schema.ts';

export interface RedactionOptions {
  /** Values that are secret, wherever they appear: the connection's credentials, secret variables. */
  readonly secrets?: readonly string[];
  /** Whether addresses of people become made-up ones, the same for the same person. Default false. */
  readonly redactEmails?: boolean;
}

type Exchange = RecordingDraft['exchanges'][number];

/** Of requests: what the client adds by itself, and what says who asks. */
const droppedOfRequests = /^(host|connection|content-length|accept-encoding|user-agent|idempotency-key|traceparent)$/;
/** Of answers: what differs each time and nothing reads. */
const droppedOfAnswers =
  /^(date|age|server|via|vary|connection|keep-alive|content-length|content-encoding|transfer-encoding|alt-svc|nel|report-to|server-timing|strict-transport-security|content-security-policy.*|permissions-policy|referrer-policy|x-frame-options|x-xss-protection|x-content-type-options|x-runtime|x-served-by|x-timer|x-cache.*|cf-.*|access-control-.*|.*request-id|.*trace-?id)$/;

/**
 * Takes secrets out of a recording before it is written: credentials in headers, queries and bodies, by their values
 * and by the names of what holds them. A redacted value of a request stands for any, so that the recording replays.
 */
export function redactRecording(draft: RecordingDraft, options: RedactionOptions = {}): RecordingDraft {
  const { exchanges, variables = {}, ...rest } = draft;
  const secrets = options.secrets ?? [];
  const cleaned = {
    ...rest,
    variables: redactVariables(variables, secrets),
    exchanges: exchanges.map((exchange) => redactExchange(exchange, secrets)),
  };
  return redactTexts(cleaned, { secrets, redactEmails: options.redactEmails === true }) as RecordingDraft;
}

/** A variable that is not known to be harmless by its name is one that somebody keeps in `tenon env`: a secret. */
function redactVariables(variables: Record<string, string>, secrets: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      isSensitiveName(name) || secrets.includes(value) ? redacted : value,
    ]),
  );
}

function redactExchange({ request, response }: Exchange, secrets: readonly string[]): Exchange {
  const { headers, ...asked } = request;
  const kept = keepHeaders(headers ?? {}, droppedOfRequests, secrets);
  // The boundary between the parts of a form is another each time.
  const isMultipart = kept['content-type']?.startsWith('multipart/') === true;
  if (isMultipart) delete kept['content-type'];
  if (isMultipart) delete asked.body;
  return {
    request: { ...asked, path: redact(request.path, secrets), ...(Object.keys(kept).length > 0 && { headers: kept }) },
    response: { ...response, headers: keepHeaders(response.headers ?? {}, droppedOfAnswers, secrets) },
  };
}

function keepHeaders(
  headers: Readonly<Record<string, string | number>>,
  dropped: RegExp,
  secrets: readonly string[],
): Record<string, string> {
  const kept = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), String(value)] as const)
    .filter(([name]) => !dropped.test(name) && !isSensitiveName(name))
    .map(([name, value]) => [name, redact(value, secrets)] as const);
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}
