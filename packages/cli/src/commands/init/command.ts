import { Option } from 'commander';
import { packageManagers, type PackageManager } from '../../scaffold/package-manager.ts';
import type { ConfigureCommand } from '../command-list.ts';

interface InitFlags {
  template?: string;
  yes?: true;
  packageManager?: PackageManager;
  skipInstall?: true;
  dryRun?: true;
}

export const configureInit: ConfigureCommand = (command, getContext) => {
  command
    .argument('[directory]', 'folder of the project (default: this one)')
    .option('-t, --template <name>', 'provider to start with, or the path of a template of your own')
    .option('-y, --yes', 'ask nothing; take the defaults')
    .addOption(new Option('--package-manager <name>', 'how packages are installed').choices([...packageManagers]))
    .option('--skip-install', 'do not install packages')
    .option('--dry-run', 'show what would be written, and write nothing')
    .action(async (directory: string | undefined, flags: InitFlags) => {
      const { runInit } = await import('./run-init.ts');
      await runInit({ directory, ...flags }, await getContext());
    });
};
