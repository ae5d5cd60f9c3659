import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { translateDatabaseError } from '../translate-database-error.ts';
import { startEmbeddedPostgres } from './start-embedded-postgres.ts';

const logger = pino({ level: 'silent' });
const mounted: string[] = [];

/** A disk of its own, this small; undefined where mounting is not allowed. */
function mountDisk(megabytes: number): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const directory = mkdtempSync(join(tmpdir(), 'tenon-disk-'));
  const answer = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory]);
  if (answer.status === 0) {
    mounted.push(directory);
    return directory;
  }
  rmSync(directory, { recursive: true, force: true });
  return undefined;
}

describe('on a full disk', () => {
  afterEach(() => {
    for (const directory of mounted.splice(0)) {
      spawnSync('umount', ['--lazy', directory]);
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it('the first start says so', async ({ skip }) => {
    const directory = mountDisk(8);
    if (directory === undefined) skip('needs root and mount');
    await expect(startEmbeddedPostgres({ dataDirectory: String(directory), logger })).rejects.toMatchObject({
      code: 'database_disk_full',
      hint: expect.stringContaining('Free some space'),
    });
  });

  it('a write says so, and the database goes on once there is space', async ({ skip }) => {
    const directory = mountDisk(80);
    if (directory === undefined) skip('needs root and mount');
    const postgres = await startEmbeddedPostgres({ dataDirectory: String(directory), durability: 'none', logger });
    const client = new Client(postgres.connection);
    try {
      await client.connect();
      // What fills disks is mostly not Postgres itself.
      const intruder = join(String(directory), 'intruder');
      writeFileSync(intruder, Buffer.alloc(20_000_000));
      await client.query('create unlogged table filler as select g as n from generate_series(1, 10) g');
      const fill = client.query('insert into filler select g from generate_series(1, 3000000) g');
      await expect(fill.catch((error: unknown) => Promise.reject(translateDatabaseError(error)))).rejects.toMatchObject(
        {
          code: 'database_disk_full',
        },
      );
      rmSync(intruder);
      await client.query('create table afterwards ()');
      expect((await client.query('select n from filler')).rowCount).toBe(10);
    } finally {
      await client.end();
      await postgres.stop();
    }
  });
});
