import { randomBytes } from 'node:crypto';
import { TenonError } from '@tenon/runtime/errors';
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from './envelope.ts';
import { createKeyring } from './keyring.ts';

const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
const keyring = createKeyring(oldKey);
const place = { table: 'connections', column: 'credentials', row: 7 };
const secret = 'sk_live_ümlaut_and_more';

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof TenonError)) throw error;
    expect(JSON.stringify([error.message, error.hint, error.details, String(error.cause)])).not.toContain('sk_live');
    return error.code;
  }
  return 'none';
}

describe('envelope', () => {
  it('gives back what was put in, and never the same bytes twice', async () => {
    const [first, second] = [encrypt(secret, { keyring, place }), encrypt(secret, { keyring, place })];
    expect(await decrypt(first, { keyring, place })).toBe(secret);
    expect(await decrypt(second, { keyring, place })).toBe(secret);
    expect(first.equals(second)).toBe(false);
    expect(first.includes('sk_live')).toBe(false);
  });

  it('takes an empty secret', async () => {
    expect(await decrypt(encrypt('', { keyring, place }), { keyring, place })).toBe('');
  });

  it('does not open when any single byte was changed', async () => {
    const envelope = encrypt(secret, { keyring, place });
    for (let index = 0; index < envelope.length; index++) {
      const changed = Buffer.from(envelope);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(await codeOf(() => decrypt(changed, { keyring, place }))).toBe('decryption_failed');
    }
  });

  it('does not open when it was cut short', async () => {
    const envelope = encrypt(secret, { keyring, place });
    for (const length of [0, 1, 16, 17, 32, envelope.length - 1]) {
      expect(await codeOf(() => decrypt(envelope.subarray(0, length), { keyring, place }))).toBe('decryption_failed');
    }
  });

  it.each([{ row: 8 }, { column: 'token' }, { table: 'variables' }])(
    'does not open in another place: %o',
    async (other) => {
      const envelope = encrypt(secret, { keyring, place });
      expect(await codeOf(() => decrypt(envelope, { keyring, place: { ...place, ...other } }))).toBe(
        'decryption_failed',
      );
    },
  );

  it('does not open with another key', async () => {
    const envelope = encrypt(secret, { keyring, place });
    expect(await codeOf(() => decrypt(envelope, { keyring: createKeyring(newKey), place }))).toBe('decryption_failed');
  });

  it('opens with an earlier key after a rotation, and encrypts with the new one', async () => {
    const rotated = createKeyring(newKey, oldKey);
    expect(await decrypt(encrypt(secret, { keyring, place }), { keyring: rotated, place })).toBe(secret);
    const envelope = encrypt(secret, { keyring: rotated, place });
    expect(await decrypt(envelope, { keyring: createKeyring(newKey), place })).toBe(secret);
  });

  it('refuses keys of another length', () => {
    expect(() => createKeyring(randomBytes(16))).toThrow(RangeError);
  });
});
