import type { CommandContext } from '../../command-context.ts';
import { completionScripts } from './completion-scripts.ts';
import type { Shell } from './shells.ts';

/** Prints the script that makes a shell complete `tenon`. */
export function runCompletion({ output }: Pick<CommandContext, 'output'>, shell: Shell): void {
  const script = completionScripts[shell];
  if (output.isJson) output.result({ shell, script });
  else output.raw(script);
}
