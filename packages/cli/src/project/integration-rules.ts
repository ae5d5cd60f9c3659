import type { ProjectConfig } from '@tenon/runtime/contract';
import { defaultVariableName, listIntegrationFields, matchesPattern } from '@tenon/runtime/provider';
import { configFileName } from './find-project-root.ts';
import { locateInSource } from './locate-in-source.ts';
import type { ProjectProblem } from './project-problem.ts';
import type { ProjectIntegration } from './project.ts';

export interface IntegrationFacts {
  readonly config: ProjectConfig;
  /** Of tenon.config.ts, to say where. */
  readonly configText: string;
  readonly integration: ProjectIntegration;
}

type IntegrationRule = (facts: IntegrationFacts) => ProjectProblem[];

const valuesAreKnown: IntegrationRule = (facts) => {
  const fields = listIntegrationFields(facts.integration.provider);
  const known = Object.keys(fields);
  return Object.keys(declared(facts)?.values ?? {})
    .filter((name) => !Object.hasOwn(fields, name))
    .map((name) => ({
      code: 'config_invalid',
      message: `The provider "${facts.integration.provider.name}" has no value "${name}".`,
      hint:
        known.length > 0
          ? `It has ${known.join(', ')}.`
          : 'It needs nothing of the developer; what customers give is asked when they connect.',
      ...place(facts, ['values', name]),
    }));
};

/** The value is not repeated: it may be the secret itself. */
const secretsAreVariables: IntegrationRule = (facts) => {
  const fields = listIntegrationFields(facts.integration.provider);
  return Object.entries(declared(facts)?.values ?? {})
    .filter(([name, value]) => typeof value === 'string' && fields[name]?.secret === true)
    .map(([name]) => ({
      code: 'config_invalid',
      message: `"${name}" of ${facts.integration.name} is a secret, and stands in the code.`,
      hint: `Write \`${name}: variable('${defaultVariableName(facts.integration.name, name)}')\`, set it with \`tenon env set\`, and replace the secret: it is in the project's history.`,
      ...place(facts, ['values', name]),
    }));
};

const valuesFit: IntegrationRule = (facts) => {
  const fields = listIntegrationFields(facts.integration.provider);
  return Object.entries(declared(facts)?.values ?? {}).flatMap(([name, value]): ProjectProblem[] => {
    const field = fields[name];
    if (typeof value !== 'string' || field === undefined || field.secret) return [];
    const options = field.options?.map((option) => option.value);
    const isBad = options ? !options.includes(value) : !matchesPattern(value, field);
    if (!isBad) return [];
    const expected = options ? `one of ${options.join(', ')}` : `the form ${field.pattern}`;
    return [
      {
        code: 'config_invalid',
        message: `"${name}" of ${facts.integration.name}: expected ${expected}.`,
        ...(field.example !== undefined && { hint: `Such as ${field.example}.` }),
        ...place(facts, ['values', name]),
      },
    ];
  });
};

const scopesAreUsed: IntegrationRule = (facts) => {
  const { auth, name } = facts.integration.provider;
  if (declared(facts)?.scopes === undefined || 'scopes' in auth) return [];
  return [
    {
      code: 'config_invalid',
      message: `The provider "${name}" has no scopes: its auth mode is ${auth.mode}.`,
      hint: 'Remove `scopes`.',
      ...place(facts, ['scopes']),
    },
  ];
};

const parametersAreUsed: IntegrationRule = (facts) => {
  const { auth, name } = facts.integration.provider;
  const parameters = declared(facts)?.authorizationParameters ?? {};
  if (Object.keys(parameters).length === 0 || 'authorizationParameters' in auth) return [];
  return [
    {
      code: 'config_invalid',
      message: `The provider "${name}" sends no browser to an authorization URL: its auth mode is ${auth.mode}.`,
      hint: 'Remove `authorizationParameters`.',
      ...place(facts, ['authorizationParameters']),
    },
  ];
};

const integrationRules: readonly IntegrationRule[] = [
  valuesAreKnown,
  secretsAreVariables,
  valuesFit,
  scopesAreUsed,
  parametersAreUsed,
];

/** What tenon.config.ts says of integrations that their providers cannot do. */
export function findIntegrationProblems(
  integrations: readonly ProjectIntegration[],
  facts: Omit<IntegrationFacts, 'integration'>,
): ProjectProblem[] {
  return integrations.flatMap((integration) => integrationRules.flatMap((rule) => rule({ ...facts, integration })));
}

function declared({ config, integration }: IntegrationFacts) {
  return config.integrations[integration.name];
}

function place({ configText, integration }: IntegrationFacts, keys: readonly string[]) {
  return { file: configFileName, ...locateInSource(configText, ['integrations', integration.name, ...keys]) };
}
