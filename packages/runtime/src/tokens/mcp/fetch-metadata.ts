import { OperationProcessingError, ResponseBodyError } from 'oauth4webapi';
import { TenonError } from '../../errors/tenon-error.ts';
import { sendExchange } from '../endpoint/send-exchange.ts';
import type { TokenContext } from '../token-context.ts';

/** As oauth4webapi calls a fetch. */
interface FetchOptions {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Statuses that Response cannot have a body for. */
const bodiless = new Set([101, 103, 204, 205, 304]);

/**
 * Makes the fetch that oauth4webapi asks metadata and registrations with: through the context's dispatcher, which guards
 * against private addresses, with limits, and without redirects.
 * @param endpoint what is asked, for messages
 */
export function createMetadataFetch(
  context: TokenContext,
  endpoint: string,
): (url: string, options: FetchOptions) => Promise<Response> {
  return async (url, { method, headers, body }) => {
    const { outcome } = await sendExchange(context, {
      endpoint,
      // A registration that is sent twice makes two clients.
      repeat: method === 'GET' ? 'safe' : 'unsafe',
      secrets: [],
      build: () => ({ method, url: new URL(url), headers, body: typeof body === 'string' ? body : null }),
    });
    const { status } = outcome;
    const answer = bodiless.has(status) ? null : outcome.body.toString('utf8');
    const { 'content-encoding': _decoded, ...answerHeaders } = outcome.headers;
    return new Response(answer, { status, headers: answerHeaders });
  };
}

/** What a provider published that cannot be used, without quoting it. */
export function refuseMetadata(context: TokenContext, what: string, problem: string): TenonError {
  return new TenonError(
    'provider_answer_invalid',
    `The ${what} of ${context.provider.displayName} cannot be used: ${problem}.`,
    {
      hint: "Check the MCP server's address, and that it asks for OAuth as the Model Context Protocol has it.",
    },
  );
}

/** What oauth4webapi throws for what a provider answered; its messages name fields and quote no values. */
export function asMetadataProblem(context: TokenContext, what: string, error: unknown): unknown {
  const isOfAnswer =
    error instanceof OperationProcessingError || error instanceof ResponseBodyError || error instanceof TypeError;
  return isOfAnswer ? refuseMetadata(context, what, error.message) : error;
}
