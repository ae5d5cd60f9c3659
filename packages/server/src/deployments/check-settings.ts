import { z } from 'zod';
import type { Manifest, SyncManifest } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';

interface SettingsProblem {
  /** Such as `settings.repos.0`. */
  readonly path: string;
  readonly message: string;
  readonly sync: string;
}

/**
 * Checks a connection's settings against what each sync of its integration declares, as a run of it would: a mistake
 * shows when it is made, and not in the next run.
 * @throws TenonError `settings_invalid` naming each path, never a value
 */
export function checkSettings(
  manifest: Manifest,
  { integration, settings }: { integration: string; settings: Readonly<Record<string, unknown>> },
): void {
  const problems = findSettingsProblems(manifest, { integration, settings });
  if (problems.length === 0) return;
  const lines = problems.map(({ path, message, sync }) => `${path}: ${message} (sync ${sync})`);
  throw new TenonError('settings_invalid', `The settings are not what the syncs declare: ${lines.join('; ')}.`, {
    hint: 'Change the settings, or give the field a default in the sync.',
    details: { problems },
  });
}

/** What is wrong with settings, by sync; never a value. */
export function findSettingsProblems(
  manifest: Manifest,
  { integration, settings }: { integration: string; settings: Readonly<Record<string, unknown>> },
): SettingsProblem[] {
  return manifest.functions.flatMap((one) =>
    one.kind === 'sync' && one.integration === integration ? findProblems(one, settings) : [],
  );
}

function findProblems(sync: SyncManifest, settings: Readonly<Record<string, unknown>>): SettingsProblem[] {
  if (!sync.settings) return [];
  const result = readSchema(sync.settings)?.safeParse(settings);
  if (!result || result.success) return [];
  return result.error.issues.map((issue) => ({
    path: ['settings', ...issue.path.map(String)].join('.'),
    message: issue.message,
    sync: sync.name,
  }));
}

/** What zod wrote, zod reads; a keyword that it does not know is left to the run, which has the schema itself. */
function readSchema(schema: Readonly<Record<string, unknown>>): z.ZodType | undefined {
  try {
    return z.fromJSONSchema(schema);
  } catch {
    return undefined;
  }
}
