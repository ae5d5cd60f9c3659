import type { Manifest } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { authFlow, fillDefaults, findFieldProblems, type FieldProblem, type Provider } from '@tenon/runtime/provider';
import { findSettingsProblems } from '../deployments/check-settings.ts';
import { findProvider } from '../deployments/find-provider.ts';
import { appFieldsOf, listAskedFields, listMissingAppFields } from './asked-fields.ts';
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
  const existing = await findExisting(connections, { environmentId, integration, name });
  const asked = listAskedFields(provider, given.config ?? {});
  const kept = request.reconnect ? appFieldsOf(provider, existing?.config ?? {}) : {};
  const missing = listMissingAppFields(provider, { ...kept, ...given.config });
  if (missing.length > 0) throw appMustSay(provider, missing);
  const reused = Object.entries((request.reconnect && existing?.config) ?? {}).filter(([field]) =>
    Object.hasOwn(asked.config, field),
  );
  const config = { ...Object.fromEntries(reused), ...dropEmpty(chosen.config) };
  const values = dropEmpty(chosen.values ?? {});
  const settings = { ...chosen.settings, ...given.settings };
  refuse(provider, [
    ...findFieldProblems(values, asked.credential, 'values.'),
    ...findFieldProblems(config, asked.config, 'config.'),
    ...listSettingsProblems(manifest, { chosen, given: given.settings ?? {}, existing: existing?.settings }),
  ]);
  return {
    environmentId,
    manifest,
    provider,
    integration,
    name,
    config: { ...fillDefaults(config, asked.config), ...kept, ...given.config },
    settings: Object.keys(settings).length === 0 ? undefined : settings,
    values,
  };
}

/** The customer sets what is asked for, and nothing else; all together has to be what each sync declares. */
function listSettingsProblems(
  manifest: Manifest,
  {
    chosen,
    given,
    existing,
  }: {
    chosen: Chosen;
    given: Readonly<Record<string, unknown>>;
    existing: Readonly<Record<string, unknown>> | undefined;
  },
): FieldProblem[] {
  const { integration, settings = {} } = chosen;
  const schema = mergeSettings(manifest, { integration, given });
  const asked = Object.keys((schema?.['properties'] as object | undefined) ?? {});
  const expected = asked.length === 0 ? 'no settings' : `one of ${asked.join(', ')}`;
  const unknown = Object.keys(settings)
    .filter((field) => !asked.includes(field))
    .map((field) => ({ path: `settings.${field}`, expected, got: 'an unknown setting' }));
  const together = findSettingsProblems(manifest, { integration, settings: { ...existing, ...settings, ...given } });
  return [...unknown, ...together.map(({ path, message }) => ({ path, expected: message, got: 'another value' }))];
}

/** A form sends what was left empty as an empty text. */
function dropEmpty(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}

async function findExisting(
  { database }: ConnectContext['connections'],
  { environmentId, integration, name }: { environmentId: number; integration: string; name: string },
) {
  const existing = await selectNamedConnections(database, { environmentId, name });
  return existing.find((one) => one.integration === integration);
}

function refuse(provider: Provider, problems: readonly FieldProblem[]): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ path, expected, got }) => `${path}: expected ${expected}, got ${got}`);
  throw new TenonError('credentials_invalid', `Not what ${provider.displayName} asks for: ${lines.join('; ')}.`, {
    hint: provider.connectHelp ?? `See ${provider.docs}.`,
    details: { provider: provider.name, problems },
  });
}

function appMustSay(provider: Provider, missing: readonly string[]): TenonError {
  return new TenonError(
    'integration_misconfigured',
    `The app did not say ${missing.join(', ')} of ${provider.displayName}, which no customer may choose.`,
    {
      hint: `Give it in defaults.<integration>.config when the connect session is made.`,
      details: { provider: provider.name, missing },
    },
  );
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
