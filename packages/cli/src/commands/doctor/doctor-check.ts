import type { CommandContext } from '../../command-context.ts';
import type { Target, TargetFlags } from '../../api-client/resolve-target.ts';

/** What checks look at; what several of them need is found once. */
export interface DoctorContext extends CommandContext {
  readonly flags: TargetFlags;
  /** Of the project; undefined outside one. */
  readonly root: string | undefined;
  /** The server that commands would talk to; undefined when there is none, for which the check `server` has the reason. */
  readonly findTarget: () => Promise<Target | undefined>;
}

export interface CheckResult {
  /** `warning`: not needed for everything; `skipped`: there is nothing to look at. */
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped';
  /** What was found. */
  readonly found: string;
  /** What to do; of warnings and failures. */
  readonly fix?: string;
  /** Puts it right, where that is certain and loses nothing; `tenon doctor --fix` does it. Says what was done. */
  readonly repair?: () => Promise<string> | string;
}

export interface DoctorCheck {
  readonly name: string;
  /** `network`: what is wrong is between here and the server, or at the server. */
  readonly about: 'machine' | 'project' | 'network';
  /** It asks the server with the key: where the checks `server` and `API key` have said that this fails, it says no more. */
  readonly asksServer?: true;
  /** Milliseconds; default 15,000. */
  readonly timeoutMs?: number;
  /** May throw: that counts as failed, with the error's message and hint. */
  run(context: DoctorContext): Promise<CheckResult> | CheckResult;
}
