import { TenonError } from '@tenon/runtime/errors';
import { locateInSource } from '../project/locate-in-source.ts';
import type { ProjectProblem } from '../project/project-problem.ts';

/** Collects what is wrong with one script, each problem with the place that says it. */
export interface Reporter {
  readonly problems: readonly ProjectProblem[];
  /** @param at keys that lead from the default export to the place */
  report(message: string, options?: { code?: ProjectProblem['code']; hint?: string; at?: readonly string[] }): void;
  /** Runs a reader that throws `definition_invalid`; reports what it throws, and returns undefined then. */
  attempt<Value>(at: readonly string[], read: () => Value): Value | undefined;
}

/**
 * @param script its source (path from the root) and its text, in which places are looked for
 */
export function createReporter(script: { source: string; text: string }): Reporter {
  const problems: ProjectProblem[] = [];
  const report: Reporter['report'] = (message, { code = 'definition_invalid', hint, at = [] } = {}) => {
    problems.push({
      code,
      message,
      ...(hint !== undefined && { hint }),
      file: script.source,
      ...locateInSource(script.text, at),
    });
  };
  return {
    problems,
    report,
    attempt(at, read) {
      try {
        return read();
      } catch (error) {
        if (!(error instanceof TenonError)) throw error;
        const hint = error.hint === undefined ? {} : { hint: error.hint };
        report(`${at.join('.')}: ${error.message}`, { code: error.code, at, ...hint });
        return undefined;
      }
    },
  };
}
