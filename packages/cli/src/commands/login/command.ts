import type { ConfigureCommand } from '../command-list.ts';
import { parseCount } from '../parse-count.ts';
import { splitNames } from '../split-names.ts';
import { addTargetOptions } from '../target-options.ts';
import type { ApproveFlags } from './run-login-approve.ts';
import type { LoginFlags } from './run-login.ts';

export const configureLogin: ConfigureCommand = (command, getContext) => {
  command
    .argument('[url]', 'address of the server (default: of --env, of --profile, TENON_URL)')
    .option('--url <url>', 'the same as the argument')
    .option('--profile <name>', 'what to call it here (default: the name of the server)')
    .option('--env <name>', 'an environment of tenon.config.ts, whose address is taken')
    .option('--token <source>', 'take a key that there is: - reads it from stdin, env:NAME from the environment')
    .option(
      '--scopes <list>',
      'what the key may do, such as records:read,actions:call (default: all but admin)',
      splitNames,
    )
    .option('--expires-in-days <days>', 'life of the key, 365 at most (default: 90)', parseCount)
    .option('--device', 'wait for the approval without a terminal too')
    .option('--no-open', 'open no browser')
    .action(async (url: string | undefined, flags: LoginFlags) => {
      const { runLogin } = await import('./run-login.ts');
      await runLogin(await getContext(), { ...flags, url: url ?? flags.url });
    });

  const approve = command.command('approve').description('let the command line that shows this code have a key');
  addTargetOptions(approve.argument('<code>', 'as it shows it, such as BCDF-GHJK'))
    .option('--scopes <list>', 'give it less than it asks for', splitNames)
    .option('--deny', 'tell it that it gets no key')
    .option('-y, --yes', 'do it without asking')
    .action(async (code: string) => {
      const { runLoginApprove } = await import('./run-login-approve.ts');
      // Commander gives flags that `tenon login` has too to `tenon login`, wherever they stand.
      await runLoginApprove(await getContext(), code, approve.optsWithGlobals<ApproveFlags>());
    });
};
