import type { Environment } from './environment.ts';
import type { Output } from './output/output.ts';

/** What a command's work may touch of the outside; made once a start by bin.ts. */
export interface CommandContext {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Environment;
  readonly output: Output;
  /** Aborted by SIGINT, SIGTERM and SIGHUP; its reason is a TenonError `interrupted`. */
  readonly signal: AbortSignal;
  /** Whether somebody can be asked: stdin and stdout are terminals, and neither --json nor CI is set. */
  readonly isInteractive: boolean;
}
