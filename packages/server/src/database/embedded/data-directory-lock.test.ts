import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataDirectory } from './data-directory-lock.ts';
import { identifyProcess, isRunning } from './process-identity.ts';

describe('lockDataDirectory', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'tenon-lock-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const locks = () => readdirSync(directory).filter((name) => name.endsWith('.lock'));

  it('refuses a second owner until the first lets go, and leaves nothing behind', () => {
    const first = lockDataDirectory(directory);
    expect(() => lockDataDirectory(directory)).toThrow(
      expect.objectContaining({
        code: 'data_directory_in_use',
        details: { pid: process.pid, dataDirectory: directory },
      }),
    );
    first.release();
    lockDataDirectory(directory).release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('takes over from a dead owner with the next number', () => {
    writeFileSync(join(directory, 'server-4.lock'), JSON.stringify({ pid: 2 ** 22 + 1, startedAt: 'long ago' }));
    lockDataDirectory(directory);
    expect(locks()).toEqual(['server-5.lock']);
  });

  it('takes over when the process id went to another process', () => {
    writeFileSync(join(directory, 'server-1.lock'), JSON.stringify({ pid: process.pid, startedAt: 'another time' }));
    lockDataDirectory(directory);
    expect(locks()).toEqual(['server-2.lock']);
  });

  it('takes over a lock that a power cut left empty', () => {
    writeFileSync(join(directory, 'server-1.lock'), '');
    lockDataDirectory(directory);
    expect(locks()).toEqual(['server-2.lock']);
  });

  it('knows itself as running, and not a process that never was', () => {
    expect(isRunning(identifyProcess(process.pid))).toBe(true);
    expect(isRunning({ pid: 2 ** 22 + 1, startedAt: null })).toBe(false);
  });
});
