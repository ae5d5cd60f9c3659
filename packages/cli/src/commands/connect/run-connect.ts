import type { Connection, Integration } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { authFlow, type Provider } from '@tenon/runtime/provider';
import type { ApiClient } from '../../api-client/api-client.ts';
import { listEverything } from '../../api-client/list-everything.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { answerBlindly, answerConfig, answerForm, type AnsweredForm } from '../../connect/answer-form.ts';
import type { AnswerFlags } from '../../connect/collect-answers.ts';
import { connectInBrowser } from '../../connect/connect-in-browser.ts';
import { openBrowser } from '../../connect/open-browser.ts';
import { describeMissing } from '../../integrations/describe-missing.ts';
import { loadProject } from '../../project/load-project.ts';
import { readObjectFlag } from '../read-object-flag.ts';
import { readStdin } from '../read-stdin.ts';

export interface ConnectFlags extends AnswerFlags {
  readonly connection: string;
  readonly settings?: string;
  readonly metadata?: string;
  readonly verify: boolean;
  /** Instead of the integration's. */
  readonly scopes?: readonly string[];
  readonly reconnect?: boolean;
  /** Whether to open a browser. */
  readonly open?: boolean;
  readonly env?: string;
  readonly preview?: string;
  readonly url?: string;
  readonly serverApiKey?: string;
  /** For tests; default: the process's stdin. */
  readonly readStdin?: () => Promise<string>;
  /** For tests; default: a second. */
  readonly pollMs?: number;
}

interface Wanted {
  readonly integration: string;
  readonly provider: Provider | undefined;
  readonly flags: ConnectFlags;
  readonly settings: Record<string, unknown> | undefined;
  readonly metadata: Record<string, unknown> | undefined;
}

/** Connects an account: in the browser where the provider wants it so, else with values from flags and prompts. */
export async function runConnect(context: CommandContext, integration: string, flags: ConnectFlags): Promise<void> {
  const provider = await findProvider(context, integration);
  const [settings, metadata] = await Promise.all([
    readObjectFlag(flags.settings, '--settings', context),
    readObjectFlag(flags.metadata, '--metadata', context),
  ]);
  const wanted: Wanted = { integration, provider, flags, settings, metadata };
  const hasValues = [flags.apiKey, flags.username, flags.clientId].some((value) => value !== undefined);
  // What flags do not say is asked for before a server is: a form needs none until it is complete.
  const isForm = provider === undefined ? hasValues : authFlow(provider.auth) === 'form';
  const form = isForm ? await readForm(context, wanted) : undefined;
  await withServer(
    context,
    { env: flags.env, url: flags.url, apiKey: flags.serverApiKey, preview: flags.preview },
    async (server) => {
      const isBrowser = !isForm && (provider !== undefined || (await isRedirect(server, integration, context.signal)));
      const connection = isBrowser
        ? await connectByBrowser(context, server, wanted)
        : await connectByForm(context, server, { ...wanted, form: form ?? (await readForm(context, wanted)) });
      const { output } = context;
      const done = flags.reconnect === true ? 'is connected again' : 'is connected';
      output.line(`${output.colors.green('✓')} ${integration}/${connection.id} ${done}.`);
      if (isBrowser) output.event({ type: 'connected', connection });
      else output.result({ connection });
    },
  );
}

function readForm(context: CommandContext, { provider, flags }: Wanted): Promise<AnsweredForm> {
  if (flags.scopes !== undefined) {
    throw new TenonError('usage_invalid', '--scopes is for integrations that are connected in the browser.');
  }
  const sources = { flags, readStdin: flags.readStdin ?? readStdin };
  return provider === undefined ? answerBlindly(context, sources) : answerForm(context, provider, sources);
}

async function connectByForm(
  { output, signal }: CommandContext,
  server: ApiClient,
  { integration, flags, form, settings, metadata }: Wanted & { form: AnsweredForm },
): Promise<Connection> {
  const { connection: id, verify } = flags;
  const { credentials, config } = form;
  const progress = output.progress(verify ? 'Trying the credentials' : 'Connecting');
  try {
    if (flags.reconnect !== true) {
      const made = { integration, id, credentials, config, settings: settings ?? {}, metadata: metadata ?? {}, verify };
      return await server.createConnection(made, { signal });
    }
    const patch = { credentials, verify, ...(settings && { settings }), ...(metadata && { metadata }) };
    return await server.patchConnection({ integration, connection: id }, patch, { signal });
  } finally {
    progress.stop();
  }
}

async function connectByBrowser(context: CommandContext, server: ApiClient, wanted: Wanted): Promise<Connection> {
  const { integration, provider, flags, settings, metadata } = wanted;
  const { env, signal } = context;
  const ref = { integration, connection: flags.connection };
  await requireReady(server, integration, signal);
  if (flags.reconnect !== true) await requireNew(server, wanted, signal);
  const sources = { flags, readStdin: flags.readStdin ?? readStdin };
  const config = provider ? await answerConfig(context, provider, sources) : {};
  const defaults = {
    ...(Object.keys(config).length > 0 && { config }),
    ...(settings && { settings }),
    ...(metadata && { metadata }),
    ...(flags.scopes && { scopes: [...flags.scopes] }),
  };
  await connectInBrowser(context, server, {
    session: {
      endUser: { id: flags.connection },
      connection: flags.connection,
      ...(flags.reconnect === true ? { reconnect: ref } : { integrations: [integration] }),
      ...(Object.keys(defaults).length > 0 && { defaults: { [integration]: defaults } }),
    },
    wanted: ref,
    ...(flags.open !== false && { open: (url: string) => openBrowser(url, env.variables) }),
    ...(flags.pollMs !== undefined && { pollMs: flags.pollMs }),
  });
  return server.getConnection(ref, { signal });
}

/** Before a browser is sent anywhere: what is missing here, the customer cannot put right. */
async function requireReady(server: ApiClient, integration: string, signal: AbortSignal): Promise<void> {
  const found = await findDeployed(server, integration, signal);
  if (found === undefined) {
    throw new TenonError('not_found', `The integration ${integration} is not deployed on ${server.url}.`, {
      hint: 'Run `tenon deploy`, or `tenon dev`.',
    });
  }
  if (found.ready) return;
  const missing = describeMissing(found);
  throw new TenonError(
    'integration_misconfigured',
    `The integration ${integration} lacks ${missing.map(({ variable }) => variable).join(' and ')}.`,
    { hint: `Run ${missing.map(({ command }) => `\`${command}\``).join(' and ')}.`, details: { missing } },
  );
}

async function requireNew(server: ApiClient, { integration, flags }: Wanted, signal: AbortSignal): Promise<void> {
  const { connection } = flags;
  const found = await server.getConnection({ integration, connection }, { signal }).catch((error: unknown) => {
    if (error instanceof TenonError && error.code === 'not_found') return undefined;
    throw error;
  });
  if (found === undefined) return;
  throw new TenonError('conflict', `${integration}/${connection} is connected already.`, {
    hint: 'Pass --reconnect to renew its authorisation; its records stay.',
  });
}

async function isRedirect(server: ApiClient, integration: string, signal: AbortSignal): Promise<boolean> {
  return (await findDeployed(server, integration, signal))?.flow === 'redirect';
}

async function findDeployed(
  server: ApiClient,
  integration: string,
  signal: AbortSignal,
): Promise<Integration | undefined> {
  const all = await listEverything((page) => server.listIntegrations(page), signal);
  return all.find(({ name }) => name === integration);
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
