import type { ProviderHooksDefinition } from '@tenon/runtime';
import { TenonError } from '@tenon/runtime/errors';
import type { Recording } from '@tenon/runtime/recording';
import {
  replayRun,
  resumeEverywhere,
  type ReplayedDefinition,
  type ReplayedRun,
  type ResumeFinding,
} from '@tenon/runtime/testing';
import type { CompiledProject } from '../compile/compiled-project.ts';
import { createEvaluator } from '../compile/evaluate-bundle.ts';
import type { Project } from '../project/project.ts';

export interface Replays {
  /** @throws TenonError as replayRun; `not_found` when the project has no such function */
  replay(recording: Recording, options: { signal: AbortSignal }): Promise<ReplayedRun>;
  /**
   * Completes a recording that was just made: with what comes of it, and with the times and random ids that its requests
   * have under the clock of a replay instead of those of the moment.
   * @throws TenonError as `replay`
   */
  adopt(recording: Recording, options: { signal: AbortSignal }): Promise<Recording>;
  /** @throws TenonError as `replay` */
  resumeEverywhere(
    recording: Recording,
    options: { signal: AbortSignal },
  ): Promise<{ places: number; findings: ResumeFinding[] }>;
}

/** Prepares replaying recordings with the code of a project as it is now. Each replay evaluates its bundle anew. */
export async function openReplays(project: Project, compiled: CompiledProject): Promise<Replays> {
  const evaluate = await createEvaluator();
  const { manifest, bundles } = compiled;

  function readExport(hash: string, source: string): unknown {
    return evaluate(bundles.get(hash) ?? '', source)['default'];
  }

  function prepare({ function: ref, kind }: Recording) {
    const { integration, name } = ref;
    const declared = manifest.functions.find(
      (item) =>
        item.integration === integration && item.name === name && item.kind === (kind === 'action' ? 'action' : 'sync'),
    );
    const provider = project.integrations.find((item) => item.name === integration)?.provider;
    if (declared === undefined || provider === undefined) {
      throw new TenonError('not_found', `The project has no ${kind} ${integration}/${name}.`, {
        hint: 'Remove the recording, or move it to the folder of what the function is called now.',
      });
    }
    const hooks = manifest.providerHooks.find((item) => item.provider === provider.name);
    return {
      // What a compiled bundle exports was read as a definition of this kind when the project was compiled.
      definition: readExport(declared.bundle, declared.source) as ReplayedDefinition,
      provider,
      ...(hooks && { hooks: readExport(hooks.bundle, hooks.source) as ProviderHooksDefinition }),
    };
  }

  return {
    async replay(recording, { signal }) {
      const { definition, ...options } = prepare(recording);
      return await replayRun(definition, recording, { ...options, signal });
    },
    async adopt(recording, { signal }) {
      const { definition, ...options } = prepare(recording);
      const { exchanges } = await replayRun(definition, recording, { ...options, signal, isAdopting: true });
      const adopted = { ...recording, exchanges: [...exchanges] };
      // Strictly now: what is written must replay.
      const { outcome } = await replayRun(definition, adopted, { ...options, signal });
      return { ...adopted, outcome };
    },
    async resumeEverywhere(recording, { signal }) {
      const { definition, ...options } = prepare(recording);
      return await resumeEverywhere(definition, recording, { ...options, signal });
    },
  };
}
