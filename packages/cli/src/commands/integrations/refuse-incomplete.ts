import type { Integration } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { describeMissing } from '../../integrations/describe-missing.ts';

/** @throws TenonError `integration_misconfigured` with the command that sets each missing value */
export function refuseIncomplete(integrations: readonly Integration[], environment: string | undefined): void {
  const lacking = integrations.flatMap((integration) => {
    const missing = describeMissing(integration, environment);
    return missing.length === 0 ? [] : [{ integration: integration.name, missing }];
  });
  if (lacking.length === 0) return;
  const lines = lacking.map(
    ({ integration, missing }) => `${integration} lacks ${missing.map(({ variable }) => variable).join(' and ')}`,
  );
  const commands = [...new Set(lacking.flatMap(({ missing }) => missing.map(({ command }) => command)))];
  throw new TenonError('integration_misconfigured', `${lines.join('; ')}.`, {
    hint: `Run ${commands.map((command) => `\`${command}\``).join(' and ')}.`,
    details: { lacking },
  });
}
