import { randomInt } from 'node:crypto';

/** No vowels, so that no words come about, and no digits that look like letters (RFC 8628 section 6.1). */
const alphabet = 'BCDFGHJKLMNPQRSTVWXZ';
const characters = 8;

/** One of 20^8 codes: with ten guesses in ten minutes, a key that may approve hits one of a thousand in 2,500 years. */
export function generateUserCode(): string {
  const code = Array.from({ length: characters }, () => alphabet[randomInt(alphabet.length)]).join('');
  return `${code.slice(0, characters / 2)}-${code.slice(characters / 2)}`;
}
