import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestContext } from '../../testing/test-context.ts';
import { runRecordsExport } from './run-records-export.ts';

let folder: string;
let server: Server;
let answer: (response: ServerResponse) => void;
const urls: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenon-export-'));
  urls.length = 0;
  server = createServer((request, response) => {
    urls.push(request.url ?? '');
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

function context() {
  const { port } = server.address() as AddressInfo;
  return createTestContext({ cwd: folder, url: `http://127.0.0.1:${port}`, apiKey: 'key' });
}

describe('tenon records export', () => {
  it('writes the file as it comes, in the format of its ending', async () => {
    answer = (response) => {
      response.write('_id\r\n');
      response.end('1\r\n');
    };
    const test = context();
    await runRecordsExport(test, 'github/Issue', { connection: 'user1', out: 'issues.csv', where: ['n=1'] });
    expect(await readFile(join(folder, 'issues.csv'), 'utf8')).toBe('_id\r\n1\r\n');
    expect(urls).toEqual(['/v1/connections/github/user1/records/Issue/export?where=%7B%22n%22%3A1%7D&format=csv']);
    expect(test.stdout()).toContain('8 bytes, csv');
  });

  it('leaves nothing half-written when the answer breaks off, and what was there before as it was', async () => {
    await writeFile(join(folder, 'issues.ndjson'), 'before');
    answer = (response) => response.write('{"id":"1"}\n', () => response.destroy());
    await expect(
      runRecordsExport(context(), 'github/Issue', { connection: 'user1', out: 'issues.ndjson' }),
    ).rejects.toMatchObject({ code: 'server_unreachable', message: expect.stringContaining('not complete') });
    expect(await readdir(folder)).toEqual(['issues.ndjson']);
    expect(await readFile(join(folder, 'issues.ndjson'), 'utf8')).toBe('before');
  });

  it('stops when it is interrupted', async () => {
    const test = context();
    answer = (response) => response.write('{"id":"1"}\n', () => test.interrupt());
    await expect(
      runRecordsExport(test, 'github/Issue', { connection: 'user1', out: 'issues.ndjson' }),
    ).rejects.toMatchObject({ code: 'interrupted' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('asks for a format when the ending is none, and passes on what the server refuses', async () => {
    const flags = { connection: 'user1', out: 'issues.txt' };
    await expect(runRecordsExport(context(), 'github/Issue', flags)).rejects.toMatchObject({ code: 'usage_invalid' });
    answer = (response) => {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { code: 'not_found', message: 'There is no Issue.', requestId: 'r' } }));
    };
    await expect(runRecordsExport(context(), 'github/Issue', { ...flags, format: 'parquet' })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await readdir(folder)).toEqual([]);
  });
});
