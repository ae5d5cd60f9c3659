import { readFile } from 'node:fs/promises';
import type { FunctionManifest } from '@tenon/runtime/contract';
import { locateInSource } from '../project/locate-in-source.ts';
import type { ProjectProblem } from '../project/project-problem.ts';
import type { BundledScript } from './create-bundler.ts';

/** A model has one owner in an integration: two syncs that write it would delete and overwrite each other's records. */
export async function findDuplicateModels(
  functions: readonly FunctionManifest[],
  scripts: readonly BundledScript[],
): Promise<ProjectProblem[]> {
  const owners = new Map<string, string>();
  const problems: ProjectProblem[] = [];
  for (const sync of functions) {
    if (sync.kind !== 'sync') continue;
    for (const model of sync.models) {
      const key = `${sync.integration}/${model.name}`;
      const owner = owners.get(key);
      if (owner === undefined) {
        owners.set(key, sync.source);
        continue;
      }
      const file = scripts.find(({ script }) => script.source === sync.source)?.script.file;
      problems.push({
        code: 'definition_duplicate',
        message: `Model ${model.name} of integration "${sync.integration}" is owned by ${owner} already.`,
        hint: 'Let one sync write the model, or give it another name.',
        file: sync.source,
        ...(file !== undefined && locateInSource(await readFile(file, 'utf8'), ['models', model.name])),
      });
    }
  }
  return problems;
}
