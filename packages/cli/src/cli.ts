import { exitCodes, TenonError } from '@tenon/runtime/errors';
import { Command, CommanderError } from 'commander';
import { ChildExit } from './child-exit.ts';
import type { CommandContext } from './command-context.ts';
import { commandList, type CommandEntry } from './commands/command-list.ts';
import { wait } from './follow/wait.ts';
import { helpTopics, topicsNote } from './help/help-topics.ts';
import { toTenonError } from './output/format-error.ts';
import type { Output } from './output/output.ts';

export interface CliOptions {
  /** Without node and the script. */
  readonly arguments: readonly string[];
  readonly version: string;
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly getContext: () => Promise<CommandContext>;
  readonly commands?: readonly CommandEntry[];
}

/**
 * Runs one command line.
 * @returns the exit code; every error has been printed
 */
export async function runCli(options: CliOptions): Promise<number> {
  try {
    await parseAndRun(options);
    // A command that ends quietly when it is interrupted still was interrupted.
    return options.signal.aborted ? exitCodes.interrupted : exitCodes.done;
  } catch (error) {
    if (error instanceof ChildExit) return error.exitCode;
    if (mayBeInterruption(error)) await wait(interruptionMs, options.signal);
    // What failed because of the interruption is not worth telling, and its own error may be anything.
    const shown = options.signal.aborted ? options.signal.reason : readUsageError(error, options);
    if (shown === undefined) return exitCodes.done;
    options.output.error(shown);
    return toTenonError(shown).exitCode;
  }
}

/** Within this, the signal is known that ended a helper of ours. */
const interruptionMs = 100;

/**
 * Ctrl-C reaches every process of a terminal's group at once: that a helper of ours has ended, esbuild's or TypeScript's,
 * may be known a moment before the signal itself is.
 */
function mayBeInterruption(error: unknown): boolean {
  if (error instanceof CommanderError) return false;
  return !(error instanceof TenonError) || /\bSIG(?:INT|TERM|HUP)\b/.test(error.message);
}

async function parseAndRun(options: CliOptions): Promise<void> {
  const commands = options.commands ?? commandList;
  const program = createProgram(options);
  const called = options.arguments.find((argument) => !argument.startsWith('-'));
  // `tenon help check` shows the flags of check.
  const wanted = called === 'help' ? options.arguments[options.arguments.indexOf('help') + 1] : called;
  for (const entry of commands) {
    const command = program.command(entry.name).description(entry.summary);
    if (entry.name !== wanted) continue;
    (await entry.load())(command, options.getContext);
    await addExamples(command);
  }
  if (called === 'help' && wanted !== undefined && Object.hasOwn(helpTopics, wanted)) {
    options.output.raw(helpTopics[wanted]?.() ?? '');
    return;
  }
  if (options.arguments.length === 0) program.help();
  await program.parseAsync([...options.arguments], { from: 'user' });
}

/** At the end of the help of a command, and of those of its subcommands that have some. */
async function addExamples(command: Command): Promise<void> {
  const { commandExamples } = await import('./help/command-examples.ts');
  const add = (one: Command, path: string) => {
    const examples = Object.hasOwn(commandExamples, path) ? commandExamples[path] : undefined;
    if (examples) one.addHelpText('after', `\nExamples:\n${examples.map((line) => `  $ ${line}`).join('\n')}`);
    for (const child of one.commands) add(child, `${path} ${child.name()}`);
  };
  add(command, command.name());
}

function createProgram(options: CliOptions): Command {
  return (
    new Command('tenon')
      .description('Integration as code: write, check, deploy and run integrations.')
      .version(describeVersion(options), '-v, --version', 'print the version')
      .helpOption('-h, --help', 'show help')
      .helpCommand('help [command]', 'show help for a command')
      // Read before parsing, by read-output-flags.ts, so that parse errors are printed as asked too.
      .option('--json', 'print JSON, for programs')
      .option('--verbose', 'print more, such as the stack of an unexpected error')
      .option('--no-color', 'print without colours')
      .configureHelp({ showGlobalOptions: true })
      .configureOutput({ writeOut: (text) => options.output.raw(text), writeErr: () => {} })
      .addHelpText('after', topicsNote)
      .showSuggestionAfterError()
      .exitOverride()
  );
}

function describeVersion({ version, output }: CliOptions): string {
  if (!output.isVerbose) return version;
  return `${version} (Node.js ${process.versions.node}, ${process.platform} ${process.arch})`;
}

/** Turns what commander throws into `usage_invalid`; undefined when it threw only to end (help, the version). */
function readUsageError(error: unknown, options: CliOptions): unknown {
  if (!(error instanceof CommanderError)) return error;
  if (error.exitCode === 0) return undefined;
  // `tenon server` alone: commander would show help, as if nothing had been asked for.
  if (error.code === 'commander.help') {
    const subcommand = options.arguments.filter((argument) => !argument.startsWith('-')).join(' ');
    return new TenonError('usage_invalid', `\`tenon ${subcommand}\` needs to know what to do.`, {
      hint: `Run \`tenon ${subcommand} --help\` to see what it can do.`,
    });
  }
  const [message = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = rest
    .join(' ')
    .trim()
    .replace(/^\((.*)\)$/, '$1');
  const command = (options.commands ?? commandList).find((entry) => options.arguments.includes(entry.name));
  const help = `Run \`tenon ${command ? `${command.name} ` : ''}--help\` to see ${command ? 'what it takes' : 'what there is'}.`;
  return new TenonError('usage_invalid', `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.$/, '')}.`, {
    hint: suggestion === '' ? help : `${suggestion} ${help}`,
  });
}
