import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyBinaries } from './copy-binaries.ts';
import { findNativeDirectory } from './postgres-binaries.ts';

// Only root copies: others run Postgres as themselves.
describe.runIf(process.getuid?.() === 0)('copyBinaries', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'tenon-copy-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('makes a copy that another user can run, with the library links as links', () => {
    chmodSync(directory, 0o755);
    const native = findNativeDirectory();
    const links = ['libicuuc.so.60', 'libicui18n.so.60', 'libicudata.so.60'].map((name) => ({
      source: join(native, 'lib', `${name}.2`),
      target: join(native, 'lib', name),
    }));
    const copy = copyBinaries(native, links, [directory]);
    const answer = spawnSync(join(copy, 'bin/postgres'), ['--version'], { uid: 65_534, gid: 65_534, encoding: 'utf8' });
    expect(answer.stdout).toMatch(/^postgres \(PostgreSQL\) 18/);
    expect(lstatSync(join(copy, 'lib/libicuuc.so.60')).isSymbolicLink()).toBe(true);
    expect(copyBinaries(native, links, [directory])).toBe(copy);
  });

  it('refuses a place that others can write, or cannot enter', () => {
    for (const mode of [0o777, 0o700]) {
      chmodSync(directory, mode);
      expect(() => copyBinaries(findNativeDirectory(), [], [directory])).toThrow(
        expect.objectContaining({ code: 'embedded_postgres_failed' }),
      );
      expect(existsSync(join(directory, 'bin'))).toBe(false);
    }
  });
});
