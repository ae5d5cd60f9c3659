import type { Manifest } from '@tenon/runtime/contract';
import type { Provider } from '@tenon/runtime/provider';
import type { CompiledProject } from '../compile/compiled-project.ts';
import type { Project } from '../project/project.ts';

/** What replays are made from: data alone, so that it can be handed to a thread. */
export interface ReplayInput {
  readonly manifest: Pick<Manifest, 'functions' | 'providerHooks'>;
  /** Code by its SHA-256 in hexadecimal. */
  readonly bundles: ReadonlyMap<string, string>;
  /** By integration. */
  readonly providers: ReadonlyMap<string, Provider>;
}

export function describeReplayInput(project: Project, { manifest, bundles }: CompiledProject): ReplayInput {
  const { functions, providerHooks } = manifest;
  const providers = new Map(project.integrations.map(({ name, provider }) => [name, provider]));
  return { manifest: { functions, providerHooks }, bundles, providers };
}
