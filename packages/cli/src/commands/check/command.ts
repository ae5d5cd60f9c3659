import type { ConfigureCommand } from '../command-list.ts';

export const configureCheck: ConfigureCommand = (command, getContext) => {
  command.action(async () => {
    const { runCheck } = await import('./run-check.ts');
    await runCheck(await getContext());
  });
};
