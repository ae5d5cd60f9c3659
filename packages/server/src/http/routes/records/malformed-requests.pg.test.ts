import { afterAll, beforeAll, expect, it } from 'vitest';
import { openHttpRoom, type HttpRoom } from '../../testing/http-room.ts';

let http: HttpRoom;
beforeAll(async () => {
  http = await openHttpRoom();
  await http.connect('user1');
});
afterAll(() => http.close());

const records = '/v1/connections/tracker/user1/records/Issue';

it.each([
  ['GET', `${records}?where=open`, 'request_invalid'],
  ['GET', `${records}?deleted=true`, 'request_invalid'],
  ['GET', `${records}/export?where=[]`, 'request_invalid'],
  ['GET', `${records}/export?format=xml`, 'request_invalid'],
  ['GET', `${records}/1/history?cursor=x`, 'request_invalid'],
  ['POST', `${records}/prune`, 'request_invalid'],
  ['GET', '/v1/holds/999', 'not_found'],
  ['POST', '/v1/holds/999/approve', 'not_found'],
  ['GET', '/v1/quarantine/999', 'not_found'],
])('%s %s is refused as %s', async (method, url, code) => {
  const answer = await http.call(method, url, method === 'POST' ? { payload: {} } : {});
  expect(answer.body).toMatchObject({ error: { code, message: expect.any(String) } });
});
