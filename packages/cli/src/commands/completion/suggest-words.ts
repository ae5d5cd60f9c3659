import type { Argument, Command, Option } from 'commander';

export interface Suggestion {
  readonly word: string;
  /** One line. */
  readonly description: string;
}

/** What commander does not know the values of. */
export type ValueKind =
  'integration' | 'function' | 'sync' | 'action' | 'connection' | 'integration/connection' | 'profile';

/**
 * What could be typed instead of the last of these words.
 * @param program with every command; subcommands, flags and choices of the one that is typed
 * @param options.words after `tenon`; the last one is not finished, and may be empty
 */
export async function suggestWords(
  program: Command,
  options: {
    words: readonly string[];
    listValues: (kind: ValueKind, typed: readonly string[]) => Promise<string[]>;
  },
): Promise<Suggestion[]> {
  const typed = options.words.slice(0, -1);
  const current = options.words.at(-1) ?? '';
  const place = walk(program, typed);
  const candidates = await listCandidates(place, { current, typed, listValues: options.listValues });
  return candidates.filter(({ word }) => word.startsWith(current));
}

interface Place {
  readonly commands: readonly Command[];
  /** Whose value comes next. */
  readonly pending: Option | undefined;
  /** Arguments that are there already. */
  readonly argumentCount: number;
  readonly used: ReadonlySet<Option>;
  /** Behind `--`: no flags come any more. */
  readonly isLiteral: boolean;
}

function walk(program: Command, typed: readonly string[]): Place {
  const commands = [program];
  const used = new Set<Option>();
  let pending: Option | undefined;
  let argumentCount = 0;
  let isLiteral = false;
  for (const word of typed) {
    if (pending) {
      // A list of values ends with the next flag.
      if (!(pending.variadic && !word.startsWith('-'))) pending = undefined;
      if (!word.startsWith('-')) continue;
    }
    if (word === '--') isLiteral = true;
    else if (!isLiteral && word.startsWith('-')) {
      const option = optionsOf(commands).find((one) => isCalled(one, word.split('=', 1)[0]));
      if (option) used.add(option);
      if (option && !word.includes('=') && (option.required || option.optional)) pending = option;
    } else {
      const last = commands.at(-1);
      const next =
        argumentCount === 0
          ? last?.commands.find((one) => one.name() === word || one.aliases().includes(word))
          : undefined;
      if (next) commands.push(next);
      else argumentCount += 1;
    }
  }
  return { commands, pending, argumentCount, used, isLiteral };
}

function optionsOf(commands: readonly Command[]): Option[] {
  const [program, ...rest] = commands;
  return [...(rest.at(-1)?.options ?? []), ...(program?.options ?? [])];
}

async function listCandidates(
  place: Place,
  context: {
    current: string;
    typed: readonly string[];
    listValues: (kind: ValueKind, typed: readonly string[]) => Promise<string[]>;
  },
): Promise<Suggestion[]> {
  const { current, typed, listValues } = context;
  const valuesOf = async (of: Option | Argument, name: string) => {
    if (of.argChoices) return of.argChoices.map((word) => ({ word, description: firstLine(of.description) }));
    const kind = kindOf(name);
    return kind ? (await listValues(kind, typed)).map((word) => ({ word, description: kind })) : [];
  };
  if (place.pending) return valuesOf(place.pending, place.pending.long ?? '');
  const [flag, ...value] = current.split('=');
  const assigned = value.length > 0 ? optionsOf(place.commands).find((one) => isCalled(one, flag)) : undefined;
  if (assigned && !place.isLiteral) {
    const found = await valuesOf(assigned, assigned.long ?? '');
    return found.map(({ word, description }) => ({ word: `${flag}=${word}`, description }));
  }
  const flags = optionsOf(place.commands)
    .filter((option) => !option.hidden && (option.variadic || !place.used.has(option)))
    .map((option) => ({ word: option.long ?? option.short ?? '', description: firstLine(option.description) }));
  if (current.startsWith('-') && !place.isLiteral) return flags;
  const command = place.commands.at(-1);
  if (!command) return [];
  const names =
    place.argumentCount === 0
      ? command
          .createHelp()
          .visibleCommands(command)
          .map((one) => ({ word: one.name(), description: firstLine(one.description()) }))
      : [];
  const known = command.registeredArguments;
  const last = known.at(-1);
  const argument = known[place.argumentCount] ?? (last?.variadic ? last : undefined);
  const values = argument ? await valuesOf(argument, argument.name()) : [];
  return [...names, ...values];
}

const kinds: Readonly<Record<string, ValueKind>> = {
  '--integration': 'integration',
  '--connection': 'connection',
  '--function': 'function',
  '--action': 'action',
  '--profile': 'profile',
  integration: 'integration',
  'integration/function': 'function',
  'integration/sync': 'sync',
  'integration/connection': 'integration/connection',
};

function kindOf(name: string): ValueKind | undefined {
  return Object.hasOwn(kinds, name) ? kinds[name] : undefined;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

function isCalled({ long, short }: Option, flag: string | undefined): boolean {
  return flag !== undefined && (flag === long || flag === short);
}
