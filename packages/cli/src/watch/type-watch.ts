import { TenonError } from '@tenon/runtime/errors';
import { checkTypes } from '../compile/check-types.ts';
import type { Project } from '../project/project.ts';

/** `superseded`: a newer save came, and its check answers for both. */
export type TypeOutcome =
  { readonly state: 'ok' } | { readonly state: 'superseded' } | { readonly state: 'failed'; readonly error: unknown };

/** Checks types beside everything else; a newer check ends the one before, whose answer nobody needs. */
export class TypeWatch {
  #running: AbortController | undefined;

  async check(project: Project): Promise<TypeOutcome> {
    this.stop();
    const own = new AbortController();
    this.#running = own;
    try {
      const { diagnostics } = await checkTypes(project, { signal: own.signal });
      if (diagnostics.length === 0) return { state: 'ok' };
      const count = diagnostics.length === 1 ? '1 type error' : `${diagnostics.length} type errors`;
      return { state: 'failed', error: new TenonError('types_failed', count, { details: { diagnostics } }) };
    } catch (error) {
      if (own.signal.aborted) return { state: 'superseded' };
      if (error instanceof TenonError) return { state: 'failed', error };
      throw error;
    }
  }

  stop(): void {
    this.#running?.abort(new TenonError('interrupted', 'A newer check began.'));
    this.#running = undefined;
  }
}
