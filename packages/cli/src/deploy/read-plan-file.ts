import { TenonError } from '@tenon/runtime/errors';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checksumOf, planFileFormat, planFileSchema, type PlanFile } from './plan-file.ts';

/**
 * Reads a saved plan.
 * @throws TenonError `usage_invalid` when there is none; `plan_stale` when it is not what `tenon plan --out` wrote
 */
export async function readPlanFile({ cwd, path }: { cwd: string; path: string }): Promise<PlanFile> {
  const text = await readFile(resolve(cwd, path), 'utf8').catch((cause: unknown) => {
    throw new TenonError('usage_invalid', `There is no plan at ${path}.`, {
      hint: `Make one with \`tenon plan --out ${path}\`.`,
      cause,
    });
  });
  const given = parseJson(text);
  const format = typeof given === 'object' && given !== null && 'format' in given ? given.format : undefined;
  if (format !== planFileFormat) {
    throw stale(`${path} is not a plan of the format ${planFileFormat}, the one that this release of Tenon deploys.`);
  }
  const parsed = planFileSchema.safeParse(given);
  if (!parsed.success) throw stale(`${path} is not whole, or was changed after it was written.`);
  // Of what is written there, not of what the schema makes of it: defaults would count as changes.
  if (checksumOf(given as PlanFile) !== parsed.data.checksum) throw stale(`${path} was changed after it was written.`);
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function stale(message: string): TenonError {
  return new TenonError('plan_stale', message, { hint: 'Plan again with `tenon plan --out`, and deploy that plan.' });
}
