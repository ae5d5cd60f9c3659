import { readFile } from 'node:fs/promises';
import type { ProviderHooksManifest } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { throwProblems, type ProjectProblem } from '../project/project-problem.ts';
import type { BundledHooks } from './create-bundler.ts';
import { describeHooks } from './describe-hooks.ts';
import { createEvaluator } from './evaluate-bundle.ts';
import { createReporter } from './problem-reporter.ts';

/**
 * Prepares reading which hooks files declare, again and again.
 * @returns rejects with TenonError for all problems: `definition_missing_export`, `definition_invalid`
 */
export async function createHooksReader(): Promise<
  (files: readonly BundledHooks[]) => Promise<ProviderHooksManifest[]>
> {
  const evaluate = await createEvaluator();
  return async (files) => {
    const problems: ProjectProblem[] = [];
    const manifests: ProviderHooksManifest[] = [];
    for (const { file, hash, code } of files) {
      const reporter = createReporter({ source: file.source, text: await readFile(file.file, 'utf8') });
      try {
        const manifest = describeHooks(file, { hash, exports: evaluate(code, file.source), reporter });
        if (manifest) manifests.push(manifest);
      } catch (error) {
        if (!(error instanceof TenonError) || !Array.isArray(error.details?.['problems'])) throw error;
        problems.push(...(error.details['problems'] as ProjectProblem[]));
      }
      problems.push(...reporter.problems);
    }
    throwProblems(problems);
    return manifests;
  };
}
