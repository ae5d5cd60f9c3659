import type { CommandContext } from '../../command-context.ts';

export interface CheckResult {
  /** `warning`: not needed for everything. */
  readonly status: 'ok' | 'warning' | 'failed';
  /** What was found. */
  readonly found: string;
  /** What to do; of warnings and failures. */
  readonly fix?: string;
}

export interface DoctorCheck {
  readonly name: string;
  /** May throw: that counts as failed, with the error's message and hint. */
  run(context: CommandContext): Promise<CheckResult> | CheckResult;
}
