import { Command } from 'commander';
import type { CommandContext } from '../../command-context.ts';
import { commandList } from '../command-list.ts';
import { listValues } from './list-values.ts';
import { suggestWords, type Suggestion } from './suggest-words.ts';

/** Prints what could be typed next. Whatever goes wrong, nothing is printed: somebody is in the middle of a line. */
export async function runCompletionSuggest(
  getContext: () => Promise<CommandContext>,
  words: readonly string[],
): Promise<void> {
  let context: CommandContext;
  let found: Suggestion[];
  try {
    context = await getContext();
    const program = await createProgram(words);
    found = await suggestWords(program, {
      words,
      listValues: (kind, typed) => listValues(context, { kind, typed }),
    });
  } catch {
    return;
  }
  context.output.raw(found.map(({ word, description }) => `${word}\t${description}\n`).join(''));
}

/** The tree of commands, of which only the one that is typed is loaded. */
async function createProgram(words: readonly string[]): Promise<Command> {
  const program = new Command('tenon')
    .option('--json', 'print JSON, for programs')
    .option('--verbose', 'print more')
    .option('--no-color', 'print without colours')
    .option('-h, --help', 'show help');
  const noContext = () => Promise.reject(new Error('Nothing is run.'));
  for (const entry of commandList) {
    const command = program.command(entry.name).description(entry.summary);
    if (words.includes(entry.name)) (await entry.load())(command, noContext);
  }
  return program;
}
