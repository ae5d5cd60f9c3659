import type { Kysely } from 'kysely';
import type { IntegrationManifest, Manifest } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { defaultVariableName, listIntegrationFields, type Provider } from '@tenon/runtime/provider';
import type { Keyring } from '../credentials/keyring.ts';
import type { Schema } from '../database/schema.ts';
import { selectVariables } from '../variables/queries/select-variables.ts';
import { readVariables } from './read-variables.ts';

export interface IntegrationRequest {
  readonly environmentId: number;
  readonly manifest: Manifest;
  readonly integration: string;
  readonly provider: Provider;
}

/** What the developer configured for an integration: the OAuth client, keys of the app. */
export interface IntegrationValues {
  /**
   * Every value that is set, by field.
   * @throws TenonError `integration_misconfigured` naming each required value that is not set
   */
  resolve(request: IntegrationRequest): Promise<Record<string, string>>;
  /** Of the server's own environment. */
  readonly serverVariableNames: ReadonlySet<string>;
  /** Of the variables that are set, stored ones and the server's own. */
  listVariableNames(environmentId: number): Promise<ReadonlySet<string>>;
}

/** Where the manifest says that a field comes from. */
export function sourceOf(integration: IntegrationManifest, field: string): { value: string } | { variable: string } {
  return integration.values[field] ?? { variable: defaultVariableName(integration.name, field) };
}

/**
 * Reads values from the manifest and from variables of the environment; those of the server's own environment
 * (TENON_VAR_<name>) come second.
 */
export function createIntegrationValues(options: {
  database: Kysely<Schema>;
  keyring: Keyring;
  serverVariables: Readonly<Record<string, string>>;
}): IntegrationValues {
  return {
    serverVariableNames: new Set(Object.keys(options.serverVariables)),
    async resolve({ environmentId, manifest, integration, provider }) {
      const fields = Object.entries(listIntegrationFields(provider));
      const declared = manifest.integrations.find(({ name }) => name === integration);
      if (fields.length === 0 || !declared) return {};
      const sources = fields.map(([name, field]) => ({ name, field, source: sourceOf(declared, name) }));
      const names = sources.flatMap(({ source }) => ('variable' in source ? [source.variable] : []));
      const variables = { ...options.serverVariables, ...(await readVariables(options, { environmentId, names })) };
      const values: Record<string, string> = {};
      const missing: string[] = [];
      for (const { name, field, source } of sources) {
        const value = 'value' in source ? source.value : (variables[source.variable] ?? field.default);
        if (value !== undefined) values[name] = value;
        else if (!field.optional && 'variable' in source) missing.push(source.variable);
      }
      if (missing.length > 0) throw notConfigured(integration, missing);
      return values;
    },
    async listVariableNames(environmentId) {
      const stored = await selectVariables(options.database, { environmentId });
      return new Set([...Object.keys(options.serverVariables), ...stored.map(({ name }) => name)]);
    },
  };
}

function notConfigured(integration: string, missing: readonly string[]): TenonError {
  return new TenonError('integration_misconfigured', `The integration ${integration} lacks ${missing.join(' and ')}.`, {
    hint: `Set ${missing.length === 1 ? 'it' : 'them'} with \`tenon env set ${missing[0]}\`, or as TENON_VAR_${missing[0]} of the server.`,
    details: { integration, missing },
  });
}
