import type { Credentials, Provider } from '@tenon/runtime/provider';
import { TenonError } from '@tenon/runtime/errors';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { askQuestions } from '../../connect/ask-questions.ts';
import { collectAnswers, type AnswerFlags } from '../../connect/collect-answers.ts';
import {
  buildCredentials,
  configQuestions,
  credentialQuestions,
  refuseMissing,
  type Question,
} from '../../connect/connection-answers.ts';
import { loadProject } from '../../project/load-project.ts';
import { readJsonFlag } from '../read-json-flag.ts';
import { readStdin } from '../read-stdin.ts';

export interface ConnectFlags extends AnswerFlags {
  readonly connection: string;
  readonly settings?: string;
  readonly metadata?: string;
  readonly verify: boolean;
  readonly env?: string;
  readonly url?: string;
  readonly serverApiKey?: string;
  /** For tests; default: the process's stdin. */
  readonly readStdin?: () => Promise<string>;
}

/** Connects an account: asks for what the provider needs and was not given. */
export async function runConnect(context: CommandContext, integration: string, flags: ConnectFlags): Promise<void> {
  const { output, signal } = context;
  const provider = await findProvider(context, integration);
  const { credentials, config } = await readConnection(context, provider, flags);
  const [settings, metadata] = await Promise.all([
    readObject(flags.settings, '--settings', context),
    readObject(flags.metadata, '--metadata', context),
  ]);
  const target = { env: flags.env, url: flags.url, apiKey: flags.serverApiKey };
  await withServer(context, target, async (server) => {
    const progress = output.progress(flags.verify ? 'Trying the credentials' : 'Connecting');
    try {
      const connection = await server.createConnection(
        { integration, id: flags.connection, credentials, config, settings, metadata, verify: flags.verify },
        { signal },
      );
      progress.stop();
      output.line(`${output.colors.green('✓')} ${integration}/${connection.id} is connected.`);
      output.result({ connection });
    } finally {
      progress.stop();
    }
  });
}

/** The provider as the project has it; undefined outside a project, where flags have to say everything. */
async function findProvider(context: CommandContext, integration: string): Promise<Provider | undefined> {
  try {
    const project = await loadProject(context.cwd);
    const found = project.integrations.find(({ name }) => name === integration);
    if (found !== undefined) return found.provider;
    const known = project.integrations.map(({ name }) => name);
    throw new TenonError('usage_invalid', `The project has no integration "${integration}".`, {
      hint: known.length > 0 ? `It has ${known.join(', ')}.` : 'Run `tenon add <provider>`.',
    });
  } catch (error) {
    if (error instanceof TenonError && error.code === 'project_not_found') return undefined;
    throw error;
  }
}

async function readConnection(
  context: CommandContext,
  provider: Provider | undefined,
  flags: ConnectFlags,
): Promise<{ credentials: Credentials; config: Record<string, string> }> {
  const mode = provider?.auth.mode ?? guessMode(flags);
  const secrets = provider?.auth.mode === 'api_key' ? Object.keys(provider.auth.fields) : [];
  const apiKeyName = secrets.length === 1 ? (secrets[0] ?? 'apiKey') : 'apiKey';
  const given = await collectAnswers(flags, {
    apiKeyName,
    sources: { variables: context.env.variables, readStdin: flags.readStdin ?? readStdin },
  });
  if (provider === undefined) {
    const own = mode === 'api_key' ? ['apiKey'] : ['username', 'password', 'clientId', 'clientSecret'];
    const [credentials, config] = divide(given, new Set(own));
    return { credentials: buildCredentials(mode, credentials), config };
  }
  const questions = [...credentialQuestions(provider.auth), ...configQuestions(provider.connection)];
  refuseUnknown(given, questions);
  const open = questions.filter(({ name }) => given[name] === undefined);
  const answers = { ...given, ...(await answerOpen(context, open)) };
  const names = new Set(credentialQuestions(provider.auth).map(({ name }) => name));
  const [credentials, config] = divide(answers, names);
  return { credentials: buildCredentials(mode, credentials), config };
}

/** Asks on a terminal; elsewhere takes the defaults, and refuses when a value is missing. */
async function answerOpen(context: CommandContext, open: readonly Question[]): Promise<Record<string, string>> {
  if (open.length === 0) return {};
  if (context.isInteractive) return askQuestions(open, context.signal);
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

function guessMode(flags: ConnectFlags): Credentials['mode'] {
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

async function readObject(
  text: string | undefined,
  flag: string,
  context: CommandContext,
): Promise<Record<string, unknown>> {
  if (text === undefined) return {};
  const value = await readJsonFlag(text, flag, context);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new TenonError('usage_invalid', `${flag} has to be a JSON object.`);
}
