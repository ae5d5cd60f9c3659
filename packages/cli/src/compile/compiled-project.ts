import type { Manifest } from '@tenon/runtime/contract';

/** How long each phase took, in milliseconds. */
export interface CompileTimings {
  readonly bundleMs: number;
  readonly definitionsMs: number;
}

/** What a deployment is made of. */
export interface CompiledProject {
  readonly manifest: Manifest;
  /** Code by its SHA-256 in hexadecimal. */
  readonly bundles: ReadonlyMap<string, string>;
  /** The project's own files that the bundles were made from, with forward slashes, from the root. */
  readonly sources: ReadonlySet<string>;
  readonly timings: CompileTimings;
}
