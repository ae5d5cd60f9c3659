import { webhookDeliverySchema, webhookEventTypeSchema } from '@tenon/runtime/contract';
import { Option } from 'commander';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import type { ConfigureCommand } from '../command-list.ts';
import { parseCount } from '../parse-count.ts';
import { addTargetOptions } from '../target-options.ts';
import type { WebhooksAddFlags } from './run-webhooks-add.ts';
import type { WebhooksSendFlags } from './run-webhooks-send.ts';
import type { WebhookDeliveriesFlags } from './run-webhooks-deliveries.ts';

export const configureWebhooks: ConfigureCommand = (command, getContext) => {
  addTargetOptions(
    command.command('list', { isDefault: true }).description('list the addresses that are told of events'),
  ).action(async (flags: TargetFlags) => {
    const { runWebhooksList } = await import('./run-webhooks-list.ts');
    await runWebhooksList(await getContext(), flags);
  });

  const add = command.command('add').description('tell an address of events; its secret is printed once');
  addTargetOptions(add.argument('<url>', 'of the app, such as https://app.example.com/tenon'))
    .addOption(
      new Option('--events <types...>', 'which (default: all)').choices(webhookEventTypeSchema.options).default([]),
    )
    .option('--ordered', 'events of one connection one after the other, in their order')
    .option('--description <text>', 'what it is for')
    .action(async (url: string, flags: WebhooksAddFlags) => {
      const { runWebhooksAdd } = await import('./run-webhooks-add.ts');
      await runWebhooksAdd(await getContext(), url, flags);
    });

  const remove = command.command('remove').description('tell an address no more; what waits for it goes too');
  addTargetOptions(remove.argument('<id>', 'as `tenon webhooks list` shows it', parseCount))
    .option('-y, --yes', 'do it without asking')
    .action(async (id: number, flags: TargetFlags & { yes?: boolean }) => {
      const { runWebhooksRemove } = await import('./run-webhooks-remove.ts');
      await runWebhooksRemove(await getContext(), id, flags);
    });

  const rotate = command
    .command('rotate-secret')
    .description('give an address a new secret; the old one signs for a day');
  addTargetOptions(rotate.argument('<id>', 'as `tenon webhooks list` shows it', parseCount)).action(
    async (id: number, flags: TargetFlags) => {
      const { runWebhooksRotateSecret } = await import('./run-webhooks-rotate-secret.ts');
      await runWebhooksRotateSecret(await getContext(), id, flags);
    },
  );

  addTargetOptions(command.command('deliveries').description('list what was sent, waits or was given up'))
    .option('--endpoint <id>', 'only to this address', parseCount)
    .addOption(new Option('--status <status>', 'only these').choices(webhookDeliverySchema.shape.status.options))
    .option('--limit <count>', 'how many at most', parseCount, 20)
    .action(async (flags: WebhookDeliveriesFlags) => {
      const { runWebhooksDeliveries } = await import('./run-webhooks-deliveries.ts');
      await runWebhooksDeliveries(await getContext(), flags);
    });

  const send = command
    .command('send')
    .description("send an event to a connection's syncs, as the provider would, and show what it did");
  addTargetOptions(send.argument('[event]', '<integration>.<sample event> or <integration>.<sync>'))
    .option('-c, --connection <id>', 'to which connection')
    .option('-d, --data <json>', 'the body instead of the sample: JSON, a file, or - for stdin')
    .option('-H, --header <name=value...>', 'a header beside, or instead of, those of the sample')
    .option('--list', 'list the sample events that there are')
    .action(async (event: string | undefined, { list, ...flags }: Partial<WebhooksSendFlags> & { list?: true }) => {
      if (list === true) {
        const { runWebhooksSamples } = await import('./run-webhooks-samples.ts');
        return runWebhooksSamples(await getContext(), event);
      }
      const { runWebhooksSend } = await import('./run-webhooks-send.ts');
      await runWebhooksSend(await getContext(), event, flags);
    });

  const replay = command.command('replay').description('send an event again');
  addTargetOptions(replay.argument('<delivery>', 'as `tenon webhooks deliveries` shows it', parseCount)).action(
    async (id: number, flags: TargetFlags) => {
      const { runWebhooksReplay } = await import('./run-webhooks-replay.ts');
      await runWebhooksReplay(await getContext(), id, flags);
    },
  );
};
