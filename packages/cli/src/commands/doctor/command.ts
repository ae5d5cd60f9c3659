import type { ConfigureCommand } from '../command-list.ts';
import { addTargetOptions } from '../target-options.ts';
import type { DoctorFlags } from './run-doctor.ts';

export const configureDoctor: ConfigureCommand = (command, getContext) => {
  addTargetOptions(command)
    .option('--fix', 'put right what can be put right with certainty, and without losing anything')
    .action(async (flags: DoctorFlags) => {
      const { runDoctor } = await import('./run-doctor.ts');
      await runDoctor(await getContext(), flags);
    });
};
