import { afterEach, expect, test } from 'vitest';
import { openHttpRoom, type HttpRoom } from './testing/http-room.ts';

let http: HttpRoom;
afterEach(() => http.close());

test("an action's own error reaches the app with its code and its payload", async () => {
  const details = { error: 'quota_used_up', payload: { left: 0 } };
  http = await openHttpRoom(() =>
    Promise.resolve({ status: 'failed', error: { code: 'action_failed', message: 'No quota is left.', details } }),
  );
  await http.connect('user1');
  const answer = await http.call('POST', '/v1/connections/tracker/user1/actions/create-issue', {
    payload: { input: { title: 'A leak' } },
  });
  expect(answer.status).toBe(422);
  expect(answer.body).toMatchObject({ error: { code: 'action_failed', message: 'No quota is left.', details } });
});
