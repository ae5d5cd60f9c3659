import type { CommandContext } from '../../command-context.ts';
import { listSampleEvents } from '../../events/list-sample-events.ts';
import { readIntegrations } from '../../events/find-event-source.ts';
import { listShippedProviders } from '../../project/list-templates.ts';
import { shippedTemplatesFolder as templatesFolder } from '../../project/templates-folder.ts';

/**
 * Lists the sample events of the project's integrations; outside of a project, of every provider that has some.
 * @param wanted only of this integration
 */
export async function runWebhooksSamples({ cwd, output }: CommandContext, wanted?: string): Promise<void> {
  const { root, providers } = await readIntegrations(cwd);
  const known = root === undefined ? await listShippedProviders(templatesFolder) : [...providers.keys()].sort();
  const [integration] = wanted?.split(/[./]/) ?? [];
  const names = integration === undefined ? known : [integration];
  const events = [];
  for (const name of names) {
    const provider = providers.get(name) ?? name;
    for (const sample of await listSampleEvents({ root, integration: name, provider, templatesFolder })) {
      events.push({ event: `${name}.${sample.name}`, ...sample });
    }
  }
  output.table(events, [
    { title: 'EVENT', value: (row) => row.event },
    { title: 'TAKEN BY', value: (row) => row.syncs?.join(', ') ?? 'every sync' },
    { title: 'DESCRIPTION', value: (row) => row.description },
  ]);
  if (events.length === 0) {
    output.line('No sample event: write integrations/<integration>/webhooks/<name>.json, or use --data.');
  }
  output.result({ items: events });
}
