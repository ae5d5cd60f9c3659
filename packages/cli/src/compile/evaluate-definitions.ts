import { readFile } from 'node:fs/promises';
import type { FunctionManifest } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { ProjectProblem } from '../project/project-problem.ts';
import { throwProblems } from '../project/project-problem.ts';
import type { BundledScript } from './create-bundler.ts';
import { describeAction } from './describe-action.ts';
import { describeSync } from './describe-sync.ts';
import { createEvaluator, type Evaluate } from './evaluate-bundle.ts';
import { findDuplicateModels } from './find-duplicate-models.ts';
import { createReporter, type Reporter } from './problem-reporter.ts';
import { readDefinition } from './read-definition.ts';

/** What one script declares, or what is wrong with it. */
interface Outcome {
  readonly hash: string;
  readonly manifest?: FunctionManifest;
  readonly problems: readonly ProjectProblem[];
}

/** Evaluates bundles and remembers the outcomes of those that did not change. */
export interface DefinitionReader {
  /**
   * Reads the definition of every script.
   * @throws TenonError with all problems: `definition_missing_export`, `definition_invalid`, `definition_duplicate`
   */
  read(scripts: readonly BundledScript[]): Promise<FunctionManifest[]>;
}

/** Prepares reading definitions again and again. */
export async function createDefinitionReader(): Promise<DefinitionReader> {
  const evaluate = await createEvaluator();
  const outcomes = new Map<string, Outcome>();
  return {
    async read(scripts) {
      const current = new Map<string, Outcome>();
      for (const bundled of scripts) {
        const known = outcomes.get(bundled.script.source);
        const outcome = known?.hash === bundled.hash ? known : await readScript(bundled, evaluate);
        current.set(bundled.script.source, outcome);
      }
      outcomes.clear();
      for (const [source, outcome] of current) outcomes.set(source, outcome);
      const manifests = [...current.values()].flatMap((outcome) => outcome.manifest ?? []);
      throwProblems([
        ...[...current.values()].flatMap((outcome) => outcome.problems),
        ...(await findDuplicateModels(manifests, scripts)),
      ]);
      return manifests;
    },
  };
}

async function readScript(bundled: BundledScript, evaluate: Evaluate): Promise<Outcome> {
  const { script, hash } = bundled;
  const reporter = createReporter({ source: script.source, text: await readFile(script.file, 'utf8') });
  try {
    const manifest = readManifest(bundled, evaluate(bundled.code, script.source), reporter);
    return { hash, problems: reporter.problems, ...(manifest && reporter.problems.length === 0 && { manifest }) };
  } catch (error) {
    if (!(error instanceof TenonError) || !Array.isArray(error.details?.['problems'])) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    const problems = (error.details['problems'] as ProjectProblem[]).map((problem) => ({ ...hint, ...problem }));
    return { hash, problems };
  }
}

function readManifest(
  { script, hash }: BundledScript,
  exports: Record<string, unknown>,
  reporter: Reporter,
): FunctionManifest | undefined {
  const options = readDefinition(script, { exports, reporter });
  if (options === undefined) return undefined;
  const base = { integration: script.integration, name: script.name, source: script.source, bundle: hash };
  return script.kind === 'sync'
    ? describeSync(base, { options, reporter })
    : describeAction(base, { options, reporter });
}
