import { expect, it } from 'vitest';
import { hashRecord } from './hash-record.ts';
import { packPage, unpackPage } from './pack-page.ts';
import type { OutgoingPage } from './worker-protocol.ts';

it('brings a page back as it was', () => {
  const jsons = ['{"id":1}', '{"id":"zwei"}'];
  const page: OutgoingPage = {
    sequence: 3,
    model: 'Issue',
    records: jsons.map((json, index) => ({ id: String(index), hash: hashRecord(json), json })),
    removedIds: ['9'],
    cursor: '2024-01-01',
  };
  const packed = packPage(page);
  expect(packed.hashes).toHaveLength(32);
  const unpacked = unpackPage(packed);
  expect({ ...unpacked, records: unpacked.records.map((record) => ({ ...record, hash: [...record.hash] })) }).toEqual({
    ...page,
    records: page.records.map((record) => ({ ...record, hash: [...record.hash] })),
  });
});
