import type { Integration, IntegrationValue } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { listEverything } from '../../api-client/list-everything.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { describeMissing } from '../../integrations/describe-missing.ts';
import type { Output } from '../../output/output.ts';
import { refuseIncomplete } from './refuse-incomplete.ts';
import type { IntegrationsFlags } from './run-integrations-list.ts';

/** Shows what an integration is made of, what is missing and how it is set, and what to register at the provider. */
export async function runIntegrationsShow(
  context: CommandContext,
  name: string,
  flags: IntegrationsFlags,
): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    const all = await listEverything((page) => server.listIntegrations(page), signal);
    const found = all.find((integration) => integration.name === name);
    if (found === undefined) {
      throw new TenonError('not_found', `The integration ${name} is not deployed on ${server.url}.`, {
        hint: all.length > 0 ? `It has ${all.map((one) => one.name).join(', ')}.` : 'Run `tenon deploy`.',
      });
    }
    if (flags.check === true) refuseIncomplete([found], flags.env);
    print(output, found, flags.env);
    output.result({ integration: found, missing: describeMissing(found, flags.env) });
  });
}

function print(output: Output, integration: Integration, environment: string | undefined): void {
  const { colors } = output;
  const { callbackUrl, scopes } = integration;
  output.line(`integration ${integration.name}`);
  output.line(`provider    ${integration.provider}`);
  output.line(`auth        ${integration.authMode}${integration.flow === 'redirect' ? ', in the browser' : ''}`);
  if (scopes.length > 0) output.line(`scopes      ${scopes.join(' ')}`);
  if (callbackUrl !== null) {
    output.line(`callback    ${colors.cyan(callbackUrl)}  ${colors.dim("register it with the provider's app")}`);
  }
  if (integration.syncs.length > 0) output.line(`syncs       ${integration.syncs.join(', ')}`);
  if (integration.actions.length > 0) output.line(`actions     ${integration.actions.join(', ')}`);
  if (integration.values.length > 0) {
    output.line();
    output.table(integration.values, [
      { title: 'VALUE', value: ({ name }) => name },
      { title: 'WHAT', value: ({ title }) => title },
      { title: 'FROM', value: (value) => describeSource(output, value) },
    ]);
    output.line();
  }
  const missing = describeMissing(integration, environment);
  if (missing.length === 0) {
    output.line(`${colors.green('✓')} Everything that connecting needs is configured.`);
    return;
  }
  output.line('Missing; set it with:');
  for (const { command } of missing) output.line(`  ${colors.cyan(command)}`);
}

function describeSource({ colors }: Output, { source, variable }: IntegrationValue): string {
  switch (source) {
    case 'code':
      return 'tenon.config.ts';
    case 'variable':
      return `variable ${variable}`;
    case 'default':
      return `the provider's default (variable ${variable})`;
    case 'missing':
      return colors.red(`missing: variable ${variable}`);
    case 'unneeded':
      return colors.dim(`not needed (variable ${variable})`);
  }
}
