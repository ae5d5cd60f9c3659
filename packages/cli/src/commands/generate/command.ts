import type { ConfigureCommand } from '../command-list.ts';
import type { GenerateFlags } from './run-generate.ts';

export const configureGenerate: ConfigureCommand = (command, getContext) => {
  command
    .option('--out <folder>', 'where to write it (default: sdk.out in tenon.config.ts)')
    .option('--check', 'write nothing; fail when the SDK is not up to date')
    .action(async (flags: GenerateFlags) => {
      const { runGenerate } = await import('./run-generate.ts');
      await runGenerate(await getContext(), flags);
    });
};
