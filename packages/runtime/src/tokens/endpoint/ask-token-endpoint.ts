import type { TokenAnswer } from '../../provider/auth/token-answer.ts';
import type { InterpolationValues } from '../../provider/interpolate.ts';
import { listIntegrationSecrets } from '../../provider/list-integration-secrets.ts';
import { systemClock } from '../../request/clock.ts';
import { encodeBody } from '../../request/encode-body.ts';
import type { WireAnswer } from '../../request/send-once.ts';
import type { TokenContext } from '../token-context.ts';
import { authenticateClient, listClientSecrets, type AuthenticationFacts } from './authenticate-client.ts';
import { createExchangeError, type ExchangeReport } from './endpoint-error.ts';
import { judgeRefusal } from './judge-refusal.ts';
import { readAnswer, type ReadAnswer } from './read-answer.ts';
import { sendExchange, type Exchange } from './send-exchange.ts';
import type { TokenClient } from './token-client.ts';

/** A provider's facts about requests to its token endpoint. */
export interface EndpointFacts extends AuthenticationFacts {
  readonly bodyFormat: 'form' | 'json';
  readonly answer: TokenAnswer;
}

export interface TokenQuestion {
  /** For messages. Default: token endpoint. */
  readonly endpoint?: string;
  readonly url: URL;
  readonly facts: EndpointFacts;
  readonly client: TokenClient;
  /** Of the body, beside what authenticates the client. Made for each attempt. */
  parameters(): Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  readonly values: InterpolationValues;
  readonly repeat: Exchange['repeat'];
  /** What the parameters hold of secrets. */
  readonly secrets: readonly string[];
}

function isPage({ headers, body }: WireAnswer): boolean {
  return /html/i.test(headers['content-type'] ?? '') || /^\s*<(!doctype|html)/i.test(body.toString('latin1', 0, 200));
}

async function send(context: TokenContext, question: TokenQuestion): Promise<ExchangeReport<WireAnswer>> {
  const { url, facts, client, values } = question;
  const clock = context.clock ?? systemClock;
  return sendExchange(context, {
    endpoint: question.endpoint ?? 'token endpoint',
    repeat: question.repeat,
    secrets: [
      ...question.secrets,
      ...listClientSecrets(client),
      ...listIntegrationSecrets(context.provider, context.integration),
    ],
    async build() {
      const proof = await authenticateClient(client, { facts, tokenUrl: url, values, clock });
      const all = { ...(await question.parameters()), ...proof.parameters };
      const body = await encodeBody(facts.bodyFormat === 'json' ? all : new URLSearchParams(all));
      return {
        method: 'POST',
        url,
        headers: { ...proof.headers, 'content-type': body.contentType ?? 'application/json' },
        body: String(body.bytes),
      };
    },
  });
}

/** Sends the question, and judges what came back. */
async function ask(
  context: TokenContext,
  question: TokenQuestion,
): Promise<{ report: ExchangeReport<WireAnswer>; read: ReadAnswer }> {
  const report = await send(context, question);
  const { status, body, headers } = report.outcome;
  const read = readAnswer(body, headers['content-type']);
  const verdict = judgeRefusal(
    { status, values: read.kind === 'values' ? read.values : undefined, isPage: isPage(report.outcome) },
    { answer: question.facts.answer, owner: question.client.owner },
  );
  if (verdict) throw createExchangeError(report, { verdict });
  return { report, read };
}

/**
 * Asks a token endpoint.
 * @returns the answer's values
 * @throws TenonError `provider_unauthorized` when the customer has to do something, `integration_misconfigured` when the
 * developer has, `provider_answer_invalid` for what is no answer of a token endpoint, and what `sendExchange` throws
 */
export async function askTokenEndpoint(context: TokenContext, question: TokenQuestion): Promise<object> {
  const { report, read } = await ask(context, question);
  if (read.kind === 'values') return read.values;
  throw createExchangeError(report, {
    verdict: {
      code: 'provider_answer_invalid',
      text: `answered with ${read.problem}`,
      hint: "Check the token URL and the body's format in the provider's auth section.",
    },
  });
}

/**
 * Tells a revocation endpoint, whose answer is empty (RFC 7009 section 2.2).
 * @throws as `askTokenEndpoint`
 */
export async function tellTokenEndpoint(context: TokenContext, question: TokenQuestion): Promise<void> {
  await ask(context, question);
}
