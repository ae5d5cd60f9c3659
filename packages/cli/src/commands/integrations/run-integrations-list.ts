import { listEverything } from '../../api-client/list-everything.ts';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { describeMissing } from '../../integrations/describe-missing.ts';
import { refuseIncomplete } from './refuse-incomplete.ts';

export interface IntegrationsFlags extends TargetFlags {
  readonly check?: boolean;
}

/** Lists the integrations of the active deployment. */
export async function runIntegrationsList(context: CommandContext, flags: IntegrationsFlags): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server) => {
    const items = await listEverything((page) => server.listIntegrations(page), signal);
    if (flags.check === true) refuseIncomplete(items, flags.env);
    if (items.length === 0) output.line('No integrations. Run `tenon add <provider>` and `tenon deploy`.');
    else {
      output.table(items, [
        { title: 'INTEGRATION', value: ({ name }) => name },
        { title: 'PROVIDER', value: ({ provider }) => provider },
        { title: 'AUTH', value: ({ authMode }) => authMode },
        { title: 'SYNCS', value: ({ syncs }) => syncs.length, align: 'right' },
        { title: 'ACTIONS', value: ({ actions }) => actions.length, align: 'right' },
        {
          title: 'CONFIGURED',
          value: (integration) =>
            integration.ready
              ? output.colors.green('yes')
              : output.colors.red(
                  `lacks ${describeMissing(integration)
                    .map(({ variable }) => variable)
                    .join(', ')}`,
                ),
        },
      ]);
    }
    output.result({ items });
  });
}
