import { TenonError } from '@tenon/runtime/errors';
import type { Credentials, Provider } from '@tenon/runtime/provider';
import type { CommandContext } from '../command-context.ts';
import { askQuestions } from './ask-questions.ts';
import { collectAnswers, type AnswerFlags } from './collect-answers.ts';
import {
  buildCredentials,
  configQuestions,
  credentialQuestions,
  refuseMissing,
  type Question,
} from './connection-answers.ts';
import { readAnswerFile } from './read-answer-file.ts';

export interface AnsweredForm {
  readonly credentials: Credentials;
  readonly config: Record<string, string>;
}

export interface FormSources {
  readonly flags: AnswerFlags;
  readonly readStdin: () => Promise<string>;
}

/** Everything that a provider asks for, from flags and then from prompts. */
export async function answerForm(
  context: CommandContext,
  provider: Provider,
  sources: FormSources,
): Promise<AnsweredForm> {
  const credentials = credentialQuestions(provider.auth);
  const questions = [...credentials, ...configQuestions(provider.connection)];
  const given = await collectGiven(context, questions, { ...sources, apiKeyName: apiKeyName(provider) });
  const open = questions.filter(({ name }) => given[name] === undefined);
  const answers = { ...given, ...(await answerOpen(context, open)) };
  const [secrets, config] = divide(answers, new Set(credentials.map(({ name }) => name)));
  return { credentials: buildCredentials(provider.auth.mode, secrets), config };
}

/** What the flags say of the values beside the credentials; the rest is asked for in the browser. */
export async function answerConfig(
  context: CommandContext,
  provider: Provider,
  sources: FormSources,
): Promise<Record<string, string>> {
  const questions = configQuestions(provider.connection);
  return collectGiven(context, questions, { ...sources, apiKeyName: 'apiKey' });
}

/** Outside a project nobody knows what the provider asks for: the flags have to say it. */
export async function answerBlindly(context: CommandContext, { flags, readStdin }: FormSources): Promise<AnsweredForm> {
  const mode = guessMode(flags);
  const sources = { variables: context.env.variables, readStdin };
  const given = await collectAnswers(flags, { apiKeyName: 'apiKey', sources });
  const own = mode === 'api_key' ? ['apiKey'] : ['username', 'password', 'clientId', 'clientSecret'];
  const [credentials, config] = divide(given, new Set(own));
  return { credentials: buildCredentials(mode, credentials), config };
}

async function collectGiven(
  context: CommandContext,
  questions: readonly Question[],
  { flags, readStdin, apiKeyName: keyName }: FormSources & { apiKeyName: string },
): Promise<Record<string, string>> {
  const sources = { variables: context.env.variables, readStdin };
  const given = await collectAnswers(flags, { apiKeyName: keyName, sources });
  refuseUnknown(given, questions);
  for (const { name, field } of questions) {
    const text = given[name];
    // Only where a file makes sense: a password may begin with an @.
    if (field.multiline && text?.startsWith('@')) given[name] = await readAnswerFile(text.slice(1), context.cwd);
  }
  return given;
}

function apiKeyName({ auth }: Provider): string {
  const names = auth.mode === 'api_key' ? Object.keys(auth.fields) : [];
  return names.length === 1 ? (names[0] ?? 'apiKey') : 'apiKey';
}

/** Asks on a terminal; elsewhere takes the defaults, and refuses when a value is missing. */
async function answerOpen(context: CommandContext, open: readonly Question[]): Promise<Record<string, string>> {
  if (open.length === 0) return {};
  if (context.isInteractive) return askQuestions(open, context);
  refuseMissing(open.filter(({ field }) => !field.optional && field.default === undefined));
  return Object.fromEntries(
    open.flatMap(({ name, field }) => (field.default === undefined ? [] : [[name, field.default]])),
  );
}

function refuseUnknown(given: Readonly<Record<string, string>>, questions: readonly Question[]): void {
  const known = questions.map(({ name }) => name);
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new TenonError('usage_invalid', `The provider does not ask for ${unknown.join(', ')}.`, {
    hint: known.length > 0 ? `It asks for ${known.join(', ')}.` : 'It asks for nothing.',
  });
}

function guessMode(flags: AnswerFlags): Credentials['mode'] {
  if (flags.clientId !== undefined || flags.clientSecret !== undefined) return 'oauth2_client_credentials';
  if (flags.username !== undefined || flags.password !== undefined) return 'basic';
  return flags.apiKey === undefined ? 'none' : 'api_key';
}

function divide(
  answers: Readonly<Record<string, string>>,
  names: ReadonlySet<string>,
): [Record<string, string>, Record<string, string>] {
  const entries = Object.entries(answers);
  return [
    Object.fromEntries(entries.filter(([name]) => names.has(name))),
    Object.fromEntries(entries.filter(([name]) => !names.has(name))),
  ];
}
