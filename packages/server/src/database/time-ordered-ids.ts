import { randomFillSync } from 'node:crypto';

/**
 * Makes ids for runs and events: UUIDs of version 7 (RFC 9562 section 5.7), so that they sort by time of creation. Within a
 * millisecond rand_a counts up (section 6.2, method 1), and a clock that steps back doesn't make ids smaller.
 * @param now Unix time in milliseconds
 */
export function createTimeOrderedIds(now: () => number): () => string {
  let lastMs = 0;
  let counter = 0;
  return () => {
    const nowMs = now();
    if (nowMs > lastMs) {
      lastMs = nowMs;
      counter = 0;
    } else if (++counter > 0xfff) {
      lastMs++;
      counter = 0;
    }
    const bytes = randomFillSync(Buffer.alloc(16), 8);
    bytes.writeUIntBE(lastMs, 0, 6);
    bytes.writeUInt16BE(0x7000 | counter, 6);
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
    const hex = bytes.toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  };
}
