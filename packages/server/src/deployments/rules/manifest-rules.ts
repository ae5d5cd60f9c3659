import { Cron } from 'croner';
import type { FunctionManifest, Manifest, ProviderHookName } from '@tenon/runtime/contract';
import type { AuthMode } from '@tenon/runtime/provider';

export interface ManifestProblem {
  /** Such as `functions[3].schedule`. */
  readonly path: string;
  readonly message: string;
}

type ManifestRule = (manifest: Manifest) => ManifestProblem[];

/** What the manifest's schema cannot say. Each rule gives every problem that it finds. */
export const manifestRules: readonly ManifestRule[] = [
  integrationsAreNamedOnce,
  integrationsHaveProviders,
  hooksHaveProviders,
  hooksFitTheirProviders,
  functionsBelongToIntegrations,
  functionsAreNamedOnce,
  modelsHaveOneOwner,
  cronExpressionsAreValid,
  renamesAreFree,
];

function integrationsAreNamedOnce({ integrations }: Manifest): ManifestProblem[] {
  return duplicates(integrations, ({ name }) => name).map(({ index, item }) => ({
    path: `integrations[${index}].name`,
    message: `The integration ${item.name} is there twice.`,
  }));
}

function integrationsHaveProviders({ integrations, providers }: Manifest): ManifestProblem[] {
  const known = new Set(providers.map(({ name }) => name));
  return integrations.flatMap(({ name, provider }, index) =>
    known.has(provider)
      ? []
      : [
          {
            path: `integrations[${index}].provider`,
            message: `The integration ${name} names the provider ${provider}, which is not among the manifest's providers.`,
          },
        ],
  );
}

function hooksHaveProviders({ providers, providerHooks }: Manifest): ManifestProblem[] {
  const known = new Set(providers.map(({ name }) => name));
  const unknown = providerHooks.flatMap(({ provider, source }, index) => {
    const message = `${source} has hooks of the provider ${provider}, which is not among the manifest's providers.`;
    return known.has(provider) ? [] : [{ path: `providerHooks[${index}].provider`, message }];
  });
  const twice = duplicates(providerHooks, ({ provider }) => provider).map(({ index, item, first }) => ({
    path: `providerHooks[${index}].provider`,
    message: `${item.source} and ${first.source} both have hooks of the provider ${item.provider}.`,
  }));
  return [...unknown, ...twice];
}

/** Modes in which nothing would ever call the hook. */
const unusedIn: Readonly<Partial<Record<ProviderHookName, readonly AuthMode[]>>> = {
  obtainToken: ['none', 'api_key', 'basic', 'signature', 'oauth1', 'app', 'mcp_oauth'],
  renewToken: [
    'none',
    'api_key',
    'basic',
    'signature',
    'app',
    'jwt',
    'token_exchange',
    'aws_sigv4',
    'oauth2_client_credentials',
    'oauth2_jwt_bearer',
  ],
};

function hooksFitTheirProviders({ providers, providerHooks }: Manifest): ManifestProblem[] {
  return providerHooks.flatMap(({ provider, source, hooks }, index) => {
    const mode = providers.find(({ name }) => name === provider)?.auth.mode;
    const unused = hooks.filter((name) => mode !== undefined && unusedIn[name]?.includes(mode));
    return unused.map((name) => ({
      path: `providerHooks[${index}].hooks`,
      message: `${source}: ${name} is never called in the mode ${mode ?? ''}${
        name === 'renewToken' ? ', whose tokens are obtained anew: use obtainToken' : ''
      }.`,
    }));
  });
}

function functionsBelongToIntegrations({ integrations, functions }: Manifest): ManifestProblem[] {
  const known = new Set(integrations.map(({ name }) => name));
  return functions.flatMap(({ integration, source }, index) =>
    known.has(integration)
      ? []
      : [
          {
            path: `functions[${index}].integration`,
            message: `${source} belongs to the integration ${integration}, which the manifest does not declare.`,
          },
        ],
  );
}

function functionsAreNamedOnce({ functions }: Manifest): ManifestProblem[] {
  return duplicates(functions, ({ kind, integration, name }) => `${kind} ${integration}/${name}`).map(
    ({ index, item, first }) => ({
      path: `functions[${index}].name`,
      message: `${item.source} and ${first.source} both define the ${item.kind} ${item.name} of ${item.integration}.`,
    }),
  );
}

function modelsHaveOneOwner({ functions }: Manifest): ManifestProblem[] {
  const owned = functions.flatMap((sync, index) =>
    sync.kind === 'sync' ? sync.models.map(({ name }) => ({ sync, index, model: name })) : [],
  );
  return duplicates(owned, ({ sync, model }) => `${sync.integration}/${model}`).map(({ item, first }) => ({
    path: `functions[${item.index}].models`,
    message: `The model ${item.model} of ${item.sync.integration} is saved by ${first.sync.source} and by ${item.sync.source}; one sync owns a model.`,
  }));
}

function cronExpressionsAreValid({ functions }: Manifest): ManifestProblem[] {
  return functions.flatMap((definition, index) => {
    const problem = cronProblem(definition);
    return problem === undefined ? [] : [{ path: `functions[${index}].schedule`, message: problem }];
  });
}

function cronProblem(definition: FunctionManifest): string | undefined {
  if (definition.kind !== 'sync' || definition.schedule?.type !== 'cron') return undefined;
  const { expression, timezone } = definition.schedule;
  try {
    const next = new Cron(expression, { timezone, paused: true }).nextRun();
    return next ? undefined : `${definition.source}: the cron expression "${expression}" never comes due.`;
  } catch (error) {
    const why = error instanceof Error ? error.message : 'not valid';
    return `${definition.source}: the schedule "${expression}" in ${timezone} is not valid (${why}).`;
  }
}

/** The items whose key an earlier item has, with that earlier one. */
function duplicates<Item>(items: readonly Item[], keyOf: (item: Item) => string) {
  const seen = new Map<string, Item>();
  return items.flatMap((item, index) => {
    const key = keyOf(item);
    const first = seen.get(key);
    if (first !== undefined) return [{ item, index, first }];
    seen.set(key, item);
    return [];
  });
}

/** A rename takes a name over: the old one must be free, and only one can take it. A chain would need both. */
function renamesAreFree({ integrations, functions }: Manifest): ManifestProblem[] {
  const things: RenamableThing[] = [
    ...integrations.map((one, index) => ({ ...one, scope: 'integration', path: `integrations[${index}]` })),
    ...functions.map((one, index) => ({
      ...one,
      scope: `${one.kind} of ${one.integration}`,
      path: `functions[${index}]`,
    })),
    ...functions.flatMap((one, index) =>
      one.kind === 'sync'
        ? one.models.map((model) => ({
            ...model,
            scope: `model of ${one.integration}`,
            path: `functions[${index}].models`,
          }))
        : [],
    ),
  ];
  const renamed = things.filter(({ renamedFrom }) => renamedFrom !== undefined);
  const taken = renamed.filter(({ scope, renamedFrom }) =>
    things.some((other) => other.scope === scope && other.name === renamedFrom),
  );
  const twice = duplicates(renamed, ({ scope, renamedFrom }) => `${scope} ${renamedFrom ?? ''}`);
  return [
    ...taken.map(({ path, scope, name, renamedFrom }) => ({
      path: `${path}.renamedFrom`,
      message: `${name} says renamedFrom '${renamedFrom}', and there still is a ${scope} of that name.`,
    })),
    ...twice.map(({ item, first }) => ({
      path: `${item.path}.renamedFrom`,
      message: `${first.name} and ${item.name} both say renamedFrom '${item.renamedFrom}'.`,
    })),
  ];
}

interface RenamableThing {
  readonly scope: string;
  readonly path: string;
  readonly name: string;
  readonly renamedFrom?: string | undefined;
}
