import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepLocalSecret } from './keep-local-secret.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tenon-secret-'));
});
afterEach(async () => {
  await chmod(directory, 0o700);
  await rm(directory, { recursive: true });
});

const isValid = (secret: string): boolean => secret.startsWith('secret-');

describe('keepLocalSecret', () => {
  it('generates a secret once, readable by its owner only', async () => {
    const file = join(directory, 'data', 'api-key');
    let made = 0;
    const generate = (): string => `secret-${++made}`;
    expect(await keepLocalSecret(file, { generate, isValid })).toBe('secret-1');
    expect(await keepLocalSecret(file, { generate, isValid })).toBe('secret-1');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory, 'data'))).mode & 0o777).toBe(0o700);
    expect(await readFile(file, 'utf8')).toBe('secret-1\n');
  });

  it('gives everyone the same secret when several start at once', async () => {
    const file = join(directory, 'api-key');
    const secrets = await Promise.all(
      Array.from({ length: 20 }, (_, index) => keepLocalSecret(file, { generate: () => `secret-${index}`, isValid })),
    );
    expect(new Set(secrets).size).toBe(1);
    expect(await readdir(directory)).toEqual(['api-key']);
  });

  it('refuses a file that holds something else, without showing it', async () => {
    const file = join(directory, 'api-key');
    await writeFile(file, 'rubbish');
    const failure = keepLocalSecret(file, { generate: () => 'secret-1', isValid });
    await expect(failure).rejects.toMatchObject({ code: 'server_config_invalid' });
    await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining('rubbish') });
    expect(await readFile(file, 'utf8')).toBe('rubbish');
  });

  it('says so when the directory cannot be made', async () => {
    await writeFile(join(directory, 'file'), '');
    const failure = keepLocalSecret(join(directory, 'file', 'api-key'), { generate: () => 'secret-1', isValid });
    await expect(failure).rejects.toMatchObject({ code: 'server_config_invalid', hint: expect.any(String) });
  });
});
