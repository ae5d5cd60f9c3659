import { getGlobalDispatcher } from 'undici';
import { TenonError } from '../errors/tenon-error.ts';
import type { Capture } from '../provider/auth/capture.ts';
import type { ActiveCredential } from '../provider/credential.ts';
import { listPlaceholders, type InterpolationValues } from '../provider/interpolate.ts';
import { matchesPattern } from '../provider/matches-pattern.ts';
import { readPath } from '../provider/read-path.ts';
import { createAuthoriser, type Authoriser } from '../request/authoriser.ts';
import { systemClock } from '../request/clock.ts';
import { performCall } from '../request/perform-call.ts';
import { endpointUrl, exchangeValues } from './exchange-values.ts';
import type { TokenContext } from './token-context.ts';

/** What connecting told, by where. */
export interface CaptureSources {
  readonly capture: Capture;
  /** The parameters of the redirect back. */
  readonly callback?: Readonly<Record<string, string>>;
  /** The answer of the token endpoint. */
  readonly token?: object;
  /** The claims of its ID token. */
  readonly idToken?: object;
  /** What a request for more is authorised with: the new credential, by field. */
  readonly credential: Readonly<Record<string, string>>;
}

type Rule = Capture[string];

const maxAnswerBytes = 1_000_000;
const maxWaitMs = 10_000;

/** What can be filled before connecting is done. */
function keepFilled(
  templates: Readonly<Record<string, string>>,
  values: InterpolationValues,
): Readonly<Record<string, string>> {
  const isFilled = (template: string): boolean =>
    listPlaceholders(template).every(
      ({ reference }) => reference && values[reference.namespace]?.[reference.field] !== undefined,
    );
  return Object.fromEntries(Object.entries(templates).filter(([, template]) => isFilled(template)));
}

/** Authorises as requests of the connection will be: a Bearer token, a header of the provider's, a signature. */
function createFirstAuthoriser(context: TokenContext, values: InterpolationValues): Authoriser {
  const { provider, signal } = context;
  const { headers, query } = provider;
  const credential: ActiveCredential = { mode: provider.auth.mode, fields: { ...values.credential } };
  return createAuthoriser({
    provider: { ...provider, headers: keepFilled(headers, values), query: keepFilled(query, values) },
    config: values.connection ?? {},
    integration: values.integration,
    credential: () => credential,
    signal,
  });
}

async function requestWithToken(context: TokenContext, url: URL, values: InterpolationValues): Promise<unknown> {
  const { provider, signal, clock = systemClock, dispatcher = getGlobalDispatcher() } = context;
  const { data } = await performCall(
    {
      provider,
      connectionId: 'new',
      transport: { dispatcher, maxAnswerBytes },
      authoriser: createFirstAuthoriser(context, values),
      pace: { clock, random: Math.random, maxWaitMs },
    },
    {
      method: 'GET',
      origin: url.origin,
      path: url.pathname + url.search,
      defaultHeaders: { accept: 'application/json', 'user-agent': 'tenon' },
      headers: {},
      body: { bytes: null },
      timeoutMs: provider.requestTimeoutMs,
      signal,
    },
  );
  return data;
}

function readValue(source: unknown, path: string): string | undefined {
  // A parameter's name may have dots of its own.
  const whole = typeof source === 'object' && source !== null && Object.hasOwn(source, path);
  const value: unknown = whole ? Reflect.get(source, path) : readPath(source, path);
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function failCapture(provider: string, name: string, rule: Rule, problem: string): never {
  const forged = rule.from === 'callback';
  throw new TenonError(
    forged ? 'authorization_invalid' : 'provider_answer_invalid',
    `${provider} was to tell ${name} by ${rule.path} (${rule.from}), ${problem}.`,
    {
      hint: forged
        ? 'Connect again, from the beginning.'
        : `Check the capture of ${name} in the provider's auth section.`,
    },
  );
}

/**
 * Reads what connecting tells about the account, in the order in which the provider declares it: a later request may
 * name what was captured before.
 * @throws TenonError `authorization_invalid` for a forged redirect, `provider_answer_invalid` for what is missing or of
 * another form, and what requests throw
 */
export async function captureAccount(context: TokenContext, sources: CaptureSources): Promise<Record<string, string>> {
  const { displayName } = context.provider;
  // An account that is connected again may be another instance's by now: what it told before is not asked with.
  const asked = Object.entries(context.config).filter(([name]) => !Object.hasOwn(sources.capture, name));
  const values = exchangeValues({ ...context, config: Object.fromEntries(asked) }, sources.credential);
  const captured: Record<string, string> = {};
  const answers = new Map<string, unknown>();

  async function readSource(rule: Rule): Promise<unknown> {
    if (rule.from === 'callback') return sources.callback;
    if (rule.from === 'token') return sources.token;
    if (rule.from === 'id_token') return sources.idToken;
    const known = { ...values, connection: { ...values.connection, ...captured } };
    const url = endpointUrl(rule.url ?? '', known);
    if (!answers.has(url.href)) answers.set(url.href, await requestWithToken(context, url, known));
    return answers.get(url.href);
  }

  for (const [name, rule] of Object.entries(sources.capture)) {
    const value = readValue(await readSource(rule), rule.path);
    if (value === undefined) {
      if (!rule.optional) failCapture(displayName, name, rule, 'and did not');
    } else if (!matchesPattern(value, rule)) {
      failCapture(displayName, name, rule, `but gave a value of another form than ${rule.pattern}`);
    } else {
      captured[name] = value;
    }
  }
  return captured;
}
