import crypto from 'node:crypto';

/** 128 bits: two different records of one id meet with a probability that no data set reaches. */
const hashBytes = 16;

/**
 * First 16 bytes of SHA-256 over a record's canonical JSON: what tells a changed record from an unchanged one.
 * One-shot crypto.hash needs 1.5 us for 0.9 kB where createHash needs 2.5 us (Node 20) to 4.6 us (Node 24).
 */
export function hashRecord(json: string): Uint8Array {
  return crypto.hash('sha256', json, 'buffer').subarray(0, hashBytes);
}
