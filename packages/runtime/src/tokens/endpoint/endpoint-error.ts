import type { ErrorCode } from '../../errors/registry.ts';
import { TenonError } from '../../errors/tenon-error.ts';
import { describeCause } from '../../request/describe-cause.ts';
import { redact } from '../../request/redact.ts';
import type { WireAnswer, WireOutcome } from '../../request/send-once.ts';

/** What is known of an exchange, before redaction. */
export interface ExchangeReport<Outcome extends WireOutcome = WireOutcome> {
  /** The provider's display name. */
  readonly provider: string;
  /** What was asked, such as "token endpoint". */
  readonly endpoint: string;
  readonly method: string;
  readonly url: string;
  readonly outcome: Outcome;
  readonly attempts: number;
  readonly secrets: readonly string[];
  /** How long the provider asked to wait, where it did. */
  readonly askedWaitMs?: number | undefined;
}

export interface ExchangeVerdict {
  readonly code: ErrorCode;
  /** After "The token endpoint of Acme". */
  readonly text: string;
  readonly hint: string;
}

const excerptLength = 1_000;
/** Redaction is done before the cut, so that no half of a secret stays; more than this need not be looked at. */
const redactedLength = 8_000;

function describeOutcome({ outcome, askedWaitMs }: ExchangeReport, rateLimited: boolean): ExchangeVerdict {
  if (outcome.kind === 'timeout') {
    return { code: 'provider_timeout', text: 'did not answer in time', hint: 'Try again later.' };
  }
  if (outcome.kind === 'network') {
    const hint = 'Check the address of the provider and the network of the server.';
    return { code: 'provider_unreachable', text: `cannot be reached (${describeCause(outcome.cause)})`, hint };
  }
  const { status } = outcome;
  if (rateLimited) {
    const wait = askedWaitMs === undefined ? '' : `; it asks to wait ${Math.ceil(askedWaitMs / 1_000)} s`;
    return {
      code: 'provider_rate_limited',
      text: `answered with ${status}: its rate limit is used up${wait}`,
      hint: 'Try again later.',
    };
  }
  if (status >= 300 && status < 400) {
    const hint = "Check the address in the provider's auth section: secrets do not follow redirects.";
    return { code: 'provider_answer_invalid', text: `redirects (${status})`, hint };
  }
  const hint =
    status >= 500
      ? 'The provider has a problem of its own; try again later.'
      : 'Read details.body for what the provider says.';
  return { code: 'provider_error', text: `answered with ${status}`, hint };
}

/** Whether the provider may have done what it was asked, although no good answer came. */
function mayHaveActed(outcome: WireOutcome): boolean {
  return outcome.kind === 'timeout' || (outcome.kind === 'network' ? outcome.sent : outcome.status >= 500);
}

/** An excerpt of an answer's body, free of secrets. */
function excerptBody({ body }: WireAnswer, secrets: readonly string[]): string {
  return redact(body.toString('utf8', 0, redactedLength), secrets).slice(0, excerptLength);
}

/** The error of an exchange that ended badly, free of secrets. `verdict`: what the answer's content says; absent: by its status. */
export function createExchangeError(
  report: ExchangeReport,
  { verdict, rateLimited = false }: { verdict?: ExchangeVerdict; rateLimited?: boolean } = {},
): TenonError {
  const { outcome, secrets, attempts, askedWaitMs } = report;
  const { code, text, hint } = verdict ?? describeOutcome(report, rateLimited);
  const { origin, pathname } = new URL(report.url);
  const address = redact(origin + pathname, secrets);
  const excerpt = outcome.kind === 'answer' ? excerptBody(outcome, secrets) : '';
  const repeated = attempts > 1 ? `, after ${attempts} attempts` : '';
  return new TenonError(
    code,
    redact(`The ${report.endpoint} of ${report.provider} ${text} (${report.method} ${address}${repeated}).`, secrets),
    {
      hint,
      details: {
        provider: report.provider,
        method: report.method,
        url: address,
        attempts,
        ...(outcome.kind === 'answer' && { status: outcome.status }),
        ...(excerpt !== '' && { body: excerpt }),
        ...(askedWaitMs !== undefined && { retryAfterMs: askedWaitMs }),
        ...(mayHaveActed(outcome) && { mayHaveActed: true }),
      },
    },
  );
}
