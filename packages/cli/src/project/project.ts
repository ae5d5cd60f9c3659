import type { ProjectConfig } from '@tenon/runtime/contract';
import type { Provider } from '@tenon/runtime/provider';

export interface ProjectIntegration {
  readonly name: string;
  readonly provider: Provider;
}

/** A sync or an action, found by where it lies: integrations/<integration>/{syncs,actions}/<name>.ts. */
export interface ProjectScript {
  readonly kind: 'sync' | 'action';
  readonly integration: string;
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  /** Path from the project's root with forward slashes; the same on every machine. */
  readonly source: string;
}

/** The hooks of a provider that an integration names: providers/<name>.hooks.ts, or hooks.ts of the shipped template. */
export interface ProjectHooks {
  readonly provider: string;
  /** Absolute path. */
  readonly file: string;
  /** What the bundle's paths start from: the project's root, or the folder of the shipped templates. */
  readonly root: string;
  /** Path from `root`, with forward slashes. */
  readonly entry: string;
  /** For messages, the same on every machine: as `entry`, with `templates/` before those that are shipped. */
  readonly source: string;
}

/** A user's project, valid as far as can be said without running its scripts. */
export interface Project {
  /** Absolute path of the folder that holds tenon.config.ts. */
  readonly root: string;
  readonly config: ProjectConfig;
  /** Sorted by name. */
  readonly integrations: readonly ProjectIntegration[];
  /** Sorted by source. */
  readonly scripts: readonly ProjectScript[];
  /** Sorted by provider. */
  readonly hooks: readonly ProjectHooks[];
}
