import type { WebhookEventType } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';

export interface WebhooksAddFlags extends TargetFlags {
  readonly events: WebhookEventType[];
  readonly ordered?: boolean;
  readonly description?: string;
}

/** Registers a receiver. Its secret alone goes to stdout, so that a script can keep it. */
export async function runWebhooksAdd(context: CommandContext, url: string, flags: WebhooksAddFlags): Promise<void> {
  const { output, signal } = context;
  const { events, ordered = false, description } = flags;
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
    throw new TenonError('usage_invalid', `${url} is no http address.`, {
      hint: 'Give the whole address of your app, such as https://app.example.com/tenon.',
    });
  }
  await withServer(context, flags, async (server) => {
    const made = await server.createWebhookEndpoint(
      { url, events, ordered, ...(description !== undefined && { description }) },
      { signal },
    );
    output.note(`Webhook ${made.id} tells ${made.url}. Its secret is shown this once:`);
    output.line(made.secret);
    output.result(made);
  });
}
