import { describe, expect, it } from 'vitest';
import type { Ask } from '../execute/asks.ts';
import type { AskServer } from '../execute/script-environment.ts';
import { createReadNotes } from './read-notes.ts';

/** Asks through the notes, and is answered with what is given. */
async function ask(
  notes: ReturnType<typeof createReadNotes>,
  question: Partial<Ask>,
  answer: unknown,
): Promise<unknown> {
  const server = (() => Promise.resolve(answer)) as unknown as AskServer;
  return notes.wrap(server)(question as Ask);
}

const record = (id: string, json = `{"id":"${id}"}`) => ({ id, json });

describe('what is noted of what a run read of the server', () => {
  it('is of each thing what it found first, and the answers pass unchanged', async () => {
    const notes = createReadNotes(10_000);
    const first = [record('1', '{"id":"1","n":1}')];
    expect(await ask(notes, { kind: 'read-records', model: 'Issue' }, first)).toBe(first);
    await ask(notes, { kind: 'list-records', model: 'Issue' }, [record('1', '{"id":"1","n":2}'), record('2')]);
    await ask(notes, { kind: 'partition-state', partition: 'eu' }, { cursor: '1' });
    await ask(notes, { kind: 'partition-state', partition: 'eu' }, { cursor: '2' });
    await ask(notes, { kind: 'variable', name: 'REGION' }, 'hush');
    await ask(notes, { kind: 'variable', name: 'ABSENT' }, null);
    await ask(notes, { kind: 'call-action', name: 'close', input: { id: 1 } }, { ok: true });
    expect(notes.read()).toEqual({
      partitions: { eu: { cursor: '1' } },
      records: { Issue: [record('1', '{"id":"1","n":1}'), record('2')] },
      variables: ['REGION'],
      calls: [{ action: 'close', input: { id: 1 }, output: { ok: true } }],
      cut: 0,
    });
    expect(JSON.stringify(notes.read())).not.toContain('hush');
  });

  it('stays within its bound, and counts what had no room', async () => {
    const notes = createReadNotes(2_000);
    const many = Array.from({ length: 100 }, (_, index) => record(String(index), 'x'.repeat(98)));
    await ask(notes, { kind: 'list-records', model: 'Issue' }, many);
    await ask(notes, { kind: 'call-action', name: 'close', input: 'y'.repeat(2_000) }, null);
    await ask(notes, { kind: 'partition-state', partition: 'eu' }, { checkpoint: 'z'.repeat(2_000) });
    const { records, calls, partitions, cut } = notes.read();
    const kept = records['Issue'] ?? [];
    expect(kept.length).toBeGreaterThan(5);
    expect(kept.reduce((sum, { id, json }) => sum + 2 * (id.length + json.length), 0)).toBeLessThanOrEqual(2_000);
    expect({ calls, partitions }).toEqual({ calls: [], partitions: {} });
    expect(cut).toBe(100 - kept.length + 2);
  });

  it('is nothing when the server refused to answer', async () => {
    const notes = createReadNotes(2_000);
    const refusing = (() => Promise.reject(new Error('away'))) as unknown as AskServer;
    await expect(notes.wrap(refusing)({ kind: 'variable', name: 'REGION' } as Ask)).rejects.toThrow('away');
    expect(notes.read().variables).toEqual([]);
  });
});
