import type { ConfigureCommand } from '../command-list.ts';
import type { TestFlags } from './run-test.ts';

export const configureTest: ConfigureCommand = (command, getContext) => {
  command
    .argument('[pattern]', 'only recordings with this in their name, such as github/issues')
    .option('--update', 'make what comes of each recording now what it expects, and show the difference')
    .option('--resume-everywhere', 'also end each sync after every page, and go on as the server would')
    .option('--pass-with-none', 'succeed when there are no recordings')
    .action(async (pattern: string | undefined, flags: TestFlags) => {
      const { runTest } = await import('./run-test.ts');
      await runTest(await getContext(), pattern, flags);
    });
};
