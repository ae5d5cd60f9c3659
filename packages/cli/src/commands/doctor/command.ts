import type { ConfigureCommand } from '../command-list.ts';

export const configureDoctor: ConfigureCommand = (command, getContext) => {
  command.action(async () => {
    const { runDoctor } = await import('./run-doctor.ts');
    await runDoctor(await getContext());
  });
};
