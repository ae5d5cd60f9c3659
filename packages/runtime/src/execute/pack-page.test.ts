import { expect, it } from 'vitest';
import { hashRecord } from './hash-record.ts';
import { packPage, unpackPage } from './pack-page.ts';
import type { OutgoingPage } from './worker-protocol.ts';

it('brings a page back as it was', () => {
  const jsons = ['{"id":1}', '{"id":"zwei"}'];
  const page: OutgoingPage = {
    sequence: 3,
    model: 'Issue',
    partition: 'repo',
    records: [
      { id: '0', hash: hashRecord('0'), json: jsons[0] ?? '', observedMs: 5 },
      { id: '1', hash: hashRecord('1'), json: jsons[1] ?? '', observedMs: 6, version: 7, isDeleted: true, basis: 'ff' },
    ],
    deletedIds: ['9'],
    deletedObservedMs: 5,
    quarantined: [{ id: null, json: '{}', problems: [{ path: 'id', message: 'missing' }] }],
    settledQuarantine: [1],
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
