import type { Answers, Ask, PartitionState, StoredText } from '../execute/asks.ts';
import type { AskServer } from '../execute/script-environment.ts';

/** What a run learned of the server: of each thing what it found first. */
export interface ReadNotes {
  wrap(ask: AskServer): AskServer;
  read(): {
    readonly partitions: Readonly<Record<string, PartitionState>>;
    readonly records: Readonly<Record<string, readonly StoredText[]>>;
    /** Names. */
    readonly variables: readonly string[];
    readonly calls: Array<{ action: string; input?: unknown; output?: unknown }>;
    /** How many answers had no room. */
    readonly cut: number;
  };
}

/** @param maxBytes of all notes together */
export function createReadNotes(maxBytes: number): ReadNotes {
  const partitions = new Map<string, PartitionState>();
  const records = new Map<string, Map<string, StoredText>>();
  const variables = new Set<string>();
  const calls: Array<{ action: string; input?: unknown; output?: unknown }> = [];
  let left = maxBytes;
  let cut = 0;

  /** @returns whether there is room for so many characters more */
  function take(characters: number): boolean {
    if (2 * characters > left) {
      cut += 1;
      return false;
    }
    left -= 2 * characters;
    return true;
  }

  function noteRecords(model: string, stored: readonly StoredText[]): void {
    const known = records.get(model) ?? new Map<string, StoredText>();
    records.set(model, known);
    for (const record of stored) {
      if (!known.has(record.id) && take(record.id.length + record.json.length)) known.set(record.id, record);
    }
  }

  function note(ask: Ask, answer: unknown): void {
    switch (ask.kind) {
      case 'partition-state':
        if (!partitions.has(ask.partition) && take(lengthOf(answer) + ask.partition.length)) {
          partitions.set(ask.partition, answer as Answers['partition-state']);
        }
        return;
      case 'read-records':
      case 'list-records':
        noteRecords(ask.model, answer as StoredText[]);
        return;
      case 'variable':
        if (answer !== null && take(ask.name.length)) variables.add(ask.name);
        return;
      case 'call-action':
        if (take(lengthOf(ask.input) + lengthOf(answer))) {
          calls.push({ action: ask.name, input: ask.input, output: answer });
        }
        return;
    }
  }

  return {
    wrap: (ask) => async (question) => {
      const answer = await ask(question);
      note(question, answer);
      return answer;
    },
    read: () => ({
      partitions: Object.fromEntries(partitions),
      records: Object.fromEntries([...records].map(([model, known]) => [model, [...known.values()]])),
      variables: [...variables],
      calls,
      cut,
    }),
  };
}

function lengthOf(value: unknown): number {
  return JSON.stringify(value)?.length ?? 0;
}
