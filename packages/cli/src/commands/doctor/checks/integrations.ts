import { listEverything } from '../../../api-client/list-everything.ts';
import { withServer } from '../../../api-client/with-server.ts';
import { describeMissing } from '../../../integrations/describe-missing.ts';
import type { DoctorCheck } from '../doctor-check.ts';

export const integrations: DoctorCheck = {
  name: 'integrations',
  about: 'project',
  asksServer: true,
  async run(context) {
    if ((await context.findTarget()) === undefined) return { status: 'skipped', found: 'no server to ask' };
    return withServer(context, context.flags, async (client) => {
      const all = await listEverything((page) => client.listIntegrations(page), context.signal);
      if (all.length === 0) return { status: 'ok', found: 'none is deployed' };
      const lacking = all.flatMap((integration) =>
        describeMissing(integration, context.flags.env).map((missing) => ({
          ...missing,
          integration: integration.name,
        })),
      );
      if (lacking.length === 0) return { status: 'ok', found: `${all.length}, each with what it needs` };
      const names = lacking.map(({ integration, variable }) => `${integration} ${variable}`);
      return {
        status: 'warning',
        found: `values are missing: ${names.join(', ')}`,
        fix: `Run ${[...new Set(lacking.map(({ command }) => `\`${command}\``))].join(' and ')}.`,
      };
    });
  },
};
