import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { commandList } from '../commands/command-list.ts';
import { commandExamples } from './command-examples.ts';

class Reached extends Error {}

/** Every command as it is, whose actions end where they would begin to work. */
async function loadProgram(): Promise<Command> {
  const program = new Command('tenon').option('--json', 'print JSON').exitOverride();
  for (const { name, summary, load } of commandList) {
    (await load())(program.command(name).description(summary), () => Promise.reject(new Reached()));
  }
  for (const command of walk(program)) command.exitOverride().configureOutput({ writeErr: () => {} });
  return program;
}

function walk(command: Command): Command[] {
  return [command, ...command.commands.flatMap((child) => walk(child))];
}

function pathOf(command: Command): string {
  return command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

/** The words of a line as a shell cuts it, without what it redirects. */
function wordsOf(line: string): string[] {
  const inside = /<\((.*)\)/.exec(line)?.[1] ?? line.replace(/ [<>] .*$/, '');
  const words = inside.match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
  return words.map((word) => word.replace(/^(['"])(.*)\1$/, '$2'));
}

const program = await loadProgram();
const commands = walk(program).slice(1);

describe('the help of', () => {
  it.each(commands.map((command) => ({ path: pathOf(command), command })))('$path is complete', ({ command }) => {
    expect(command.description()).toMatch(/^[a-z][^\n]{5,100}$/);
    for (const { long, short, description } of command.options) expect(description, long ?? short).not.toBe('');
    for (const argument of command.registeredArguments) expect(argument.description, argument.name()).not.toBe('');
  });

  it.each(commandList.map(({ name }) => name))('%s has two to four examples', (name) => {
    expect(commandExamples[name]?.length).toBeGreaterThanOrEqual(2);
    expect(commandExamples[name]?.length).toBeLessThanOrEqual(4);
  });
});

it('has examples of commands that there are only', () => {
  const paths = commands.map((command) => pathOf(command));
  expect(Object.keys(commandExamples).filter((path) => !paths.includes(path))).toEqual([]);
});

it.each(Object.entries(commandExamples).flatMap(([path, lines]) => lines.map((line) => ({ path, line }))))(
  '$line is understood',
  async ({ path, line }) => {
    const [tenon, ...words] = wordsOf(line);
    expect(tenon).toBe('tenon');
    expect(words.join(' ').startsWith(path)).toBe(true);
    const fresh = await loadProgram();
    await expect(fresh.parseAsync(words, { from: 'user' })).rejects.toBeInstanceOf(Reached);
  },
  20_000,
);

it('is what docs/cli.md shows, with no command that there is not', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../../docs/cli.md'), 'utf8');
  const shown = [...text.matchAll(/^## tenon (.+)$/gm)].map((match) => match[1]);
  const visible = commands.filter(
    (command) => command.parent?.createHelp().visibleCommands(command.parent).includes(command) === true,
  );
  expect(shown).toEqual(visible.map((command) => pathOf(command)));
});
