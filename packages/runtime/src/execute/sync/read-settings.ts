import type { SyncDefinition } from '../../define/define-sync.ts';
import { TenonError } from '../../errors/tenon-error.ts';
import { describeIssues } from '../describe-issues.ts';

/**
 * The connection's settings as the sync's schema reads them; undefined: it declares none.
 * @throws TenonError `settings_invalid`
 */
export async function readSettings({ options }: SyncDefinition, settings: unknown): Promise<unknown> {
  if (!options.settings) return undefined;
  const parsed = await options.settings.safeParseAsync(settings ?? {});
  if (parsed.success) return parsed.data;
  const issues = describeIssues(parsed.error);
  throw new TenonError(
    'settings_invalid',
    `The connection's settings are not what the sync declares: ${issues.text}.`,
    {
      hint: 'Change the settings of the connection, or give the field a default in the sync.',
      details: { problems: issues.problems },
    },
  );
}
