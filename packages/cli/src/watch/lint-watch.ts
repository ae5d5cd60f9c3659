import { TenonError } from '@tenon/runtime/errors';
import type { LintReport } from '../lint/lint-finding.ts';
import { lintProject } from '../lint/lint-project.ts';
import type { Project } from '../project/project.ts';

/** Lints beside everything else; a newer save ends the one before, whose findings nobody needs. */
export class LintWatch {
  #running: AbortController | undefined;
  #shown = '';

  /** What is found and was not found by the last save already; undefined when a newer save came, or nothing is new. */
  async check(project: Project): Promise<LintReport | undefined> {
    this.stop();
    const own = new AbortController();
    this.#running = own;
    try {
      const report = await lintProject(project, { signal: own.signal });
      const shown = JSON.stringify(report.findings);
      if (shown === this.#shown) return undefined;
      this.#shown = shown;
      return report;
    } catch (error) {
      if (own.signal.aborted) return undefined;
      throw error;
    }
  }

  stop(): void {
    this.#running?.abort(new TenonError('interrupted', 'A newer check began.'));
    this.#running = undefined;
  }
}
