import { describe, expect, it } from 'vitest';
import { readServerSentEvents } from './read-server-sent-events.ts';

async function read(...chunks: (string | Uint8Array)[]): Promise<string[]> {
  async function* stream() {
    for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  }
  const events: string[] = [];
  for await (const data of readServerSentEvents(stream())) events.push(data);
  return events;
}

describe('readServerSentEvents', () => {
  it('reads data, whatever lies around it', async () => {
    expect(await read(': hello\nretry: 10\n\nevent: x\nid: 1\ndata: {"a":1}\n\n')).toEqual(['{"a":1}']);
    expect(await read('data:tight\r\n\r\ndata: one\ndata: two\n\n')).toEqual(['tight', 'one\ntwo']);
  });

  it('does not mind where the bytes are cut, even inside a character', async () => {
    const bytes = Buffer.from('data: grüße\n\n');
    for (let at = 1; at < bytes.length; at++)
      expect(await read(bytes.subarray(0, at), bytes.subarray(at))).toEqual(['grüße']);
  });

  it('drops an event that broke off', async () => {
    expect(await read('data: a\n\ndata: b\n')).toEqual(['a']);
  });
});
