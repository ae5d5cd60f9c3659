import type { Manifest } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { authFlow, fillDefaults, findFieldProblems, type FieldProblem, type Provider } from '@tenon/runtime/provider';
import { findProvider } from '../deployments/find-provider.ts';
import { listAskedFields } from './asked-fields.ts';
import type { ConnectContext } from './connect-context.ts';
import { connectionNameOf } from './sessions/connection-name.ts';
import type { ConnectSessionOwner } from './sessions/find-session.ts';
import { selectNamedConnections } from './storage/select-named-connections.ts';
import { isOffered } from './view/is-offered.ts';
import { mergeSettings } from './view/merge-settings.ts';

/** What a customer sent. */
export interface Chosen {
  readonly integration: string;
  readonly config: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /** Of the form's credentials. */
  readonly values?: Readonly<Record<string, string>>;
}

/** What a customer chose, checked, with what the app gave for it. */
export interface Choice {
  readonly environmentId: number;
  readonly manifest: Manifest;
  readonly provider: Provider;
  readonly integration: string;
  /** Of the connection. */
  readonly name: string;
  readonly config: Record<string, string>;
  readonly settings: Record<string, unknown> | undefined;
  readonly values: Record<string, string>;
}

/**
 * Checks what a customer sent against what the session offers and the provider asks for.
 * @throws TenonError `not_found` for an integration that is not offered, `request_invalid` for the other way to
 *   connect it, `credentials_invalid` with every field that has a problem
 */
export async function checkChoice(
  { connections }: ConnectContext,
  session: ConnectSessionOwner,
  { chosen, flow }: { chosen: Chosen; flow: 'form' | 'redirect' },
): Promise<Choice> {
  const { environmentId, request } = session;
  const { integration } = chosen;
  if (!isOffered(request, integration)) throw notOffered(integration);
  const { manifest } = await connections.manifests.getActive(environmentId);
  const provider = findProvider(manifest, integration);
  if (authFlow(provider.auth) !== flow) throw otherFlow(provider, flow);

  const name = connectionNameOf(request);
  const given = request.defaults[integration] ?? {};
  const known = request.reconnect ? await findKnownConfig(connections, { environmentId, integration, name }) : {};
  const asked = listAskedFields(provider, given.config ?? {});
  const reused = Object.entries(known).filter(([field]) => Object.hasOwn(asked.config, field));
  const config = { ...Object.fromEntries(reused), ...dropEmpty(chosen.config) };
  const values = dropEmpty(chosen.values ?? {});
  const { given: givenSettings, problems } = checkSettings(manifest, { chosen, given: given.settings ?? {} });
  refuse(provider, [
    ...findFieldProblems(values, asked.credential, 'values.'),
    ...findFieldProblems(config, asked.config, 'config.'),
    ...problems,
  ]);
  return {
    environmentId,
    manifest,
    provider,
    integration,
    name,
    config: { ...fillDefaults(config, asked.config), ...given.config },
    settings: givenSettings,
    values,
  };
}

/** Its form is checked here, its values by the sync that reads it. */
function checkSettings(
  manifest: Manifest,
  { chosen, given }: { chosen: Chosen; given: Readonly<Record<string, unknown>> },
): { given: Record<string, unknown> | undefined; problems: FieldProblem[] } {
  const schema = mergeSettings(manifest, { integration: chosen.integration, given });
  const known = Object.keys((schema?.['properties'] as object | undefined) ?? {});
  const problems = Object.keys(chosen.settings ?? {})
    .filter((field) => !known.includes(field))
    .map((field) => ({
      path: `settings.${field}`,
      expected: known.length === 0 ? 'no settings' : `one of ${known.join(', ')}`,
      got: 'an unknown setting',
    }));
  const all = { ...chosen.settings, ...given };
  return { given: Object.keys(all).length === 0 ? undefined : all, problems };
}

/** A form sends what was left empty as an empty text. */
function dropEmpty(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}

async function findKnownConfig(
  { database }: ConnectContext['connections'],
  { environmentId, integration, name }: { environmentId: number; integration: string; name: string },
): Promise<Readonly<Record<string, string>>> {
  const existing = await selectNamedConnections(database, { environmentId, name });
  return existing.find((one) => one.integration === integration)?.config ?? {};
}

function refuse(provider: Provider, problems: readonly FieldProblem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ path, expected, got }) => `${path}: expected ${expected}, got ${got}`);
  throw new TenonError('credentials_invalid', `Not what ${provider.displayName} asks for: ${lines.join('; ')}.`, {
    hint: provider.connectHelp ?? `See ${provider.docs}.`,
    details: { provider: provider.name, problems },
  });
}

function notOffered(integration: string): TenonError {
  return new TenonError('not_found', `This connect session is not for ${integration}.`, {
    hint: 'Go back to the application and start connecting again.',
  });
}

function otherFlow({ displayName }: Provider, flow: 'form' | 'redirect'): TenonError {
  return flow === 'form'
    ? new TenonError('request_invalid', `${displayName} is connected by signing in there.`, {
        hint: 'Begin with POST /v1/connect/attempts.',
      })
    : new TenonError('request_invalid', `${displayName} is connected with a form.`, {
        hint: 'Send it with POST /v1/connect/connections.',
      });
}
