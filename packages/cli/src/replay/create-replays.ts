import type { ProviderHooksDefinition } from '@tenon/runtime';
import { TenonError } from '@tenon/runtime/errors';
import type { Recording } from '@tenon/runtime/recording';
import { replayRun, resumeEverywhere, type ReplayedDefinition } from '@tenon/runtime/testing';
import { createEvaluator } from '../compile/evaluate-bundle.ts';
import type { ReplayInput } from './replay-input.ts';
import type { Replays } from './replays.ts';

/** Replays in this thread. */
export async function createReplays({ manifest, bundles, providers }: ReplayInput): Promise<Replays> {
  const evaluate = await createEvaluator();

  function readExport(hash: string, source: string): unknown {
    return evaluate(bundles.get(hash) ?? '', source)['default'];
  }

  function prepare({ function: ref, kind }: Recording) {
    const { integration, name } = ref;
    const declared = manifest.functions.find(
      (item) =>
        item.integration === integration && item.name === name && item.kind === (kind === 'action' ? 'action' : 'sync'),
    );
    const provider = providers.get(integration);
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
      const { outcome, log, requests } = await replayRun(definition, recording, { ...options, signal });
      return { outcome, log, requests };
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
