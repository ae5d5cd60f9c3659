import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  findSecrets,
  formatRecording,
  parseRecording,
  readRecording,
  redactRecording,
  refuseSecrets,
  type Recording,
  type RecordingDraft,
} from './index.ts';

const secret = 'abcd1234efgh5678';
/** Built here, so that no scanner of repositories takes this file for a leak. */
const gitHubToken = `ghp_${'a1B2'.repeat(9)}`;

function draft(over: Partial<RecordingDraft> = {}): RecordingDraft {
  return {
    formatVersion: 1,
    function: { integration: 'github', name: 'issues' },
    kind: 'sync',
    provider: 'github',
    recordedAt: '2026-01-02T03:04:05.000Z',
    clock: '2026-01-02T03:04:05.000Z',
    connection: { id: 'user1' },
    exchanges: [{ request: { method: 'GET', path: '/issues' }, response: { status: 200, body: [] } }],
    ...over,
  };
}

const recording = (over: Partial<Recording> = {}): Recording =>
  ({
    ...draft(),
    connection: { id: 'user1', config: {}, metadata: {} },
    start: {},
    variables: {},
    ...over,
    outcome: over.outcome ?? {},
  }) as Recording;

describe('a recording as a file', () => {
  it('is the same text whatever the order in which its fields came', () => {
    const one = recording({ outcome: { records: { Issue: [{ id: '1', a: { y: 1, x: 2 } }] }, cursor: 'c' } });
    const other = recording({ outcome: { cursor: 'c', records: { Issue: [{ a: { x: 2, y: 1 }, id: '1' }] } } });
    const text = formatRecording(one, 'a.recording.json');
    expect(formatRecording(Object.fromEntries(Object.entries(other).toReversed()) as Recording, 'b')).toBe(text);
    expect(formatRecording(parseRecording(text, 'a'), 'a')).toBe(text);
    expect(text.endsWith('}\n')).toBe(true);
  });

  it('keeps the order of the keys in bodies, which scripts may see', () => {
    const body = { zebra: 1, apple: 2 };
    const text = formatRecording(
      recording({
        exchanges: [{ request: { method: 'GET', path: '/' }, response: { status: 200, headers: {}, body } }],
      }),
      'a',
    );
    expect(Object.keys(Object(parseRecording(text, 'a').exchanges[0]?.response.body))).toEqual(['zebra', 'apple']);
  });

  it.each([
    ['{', 'is not JSON'],
    ['{}', 'formatVersion'],
    [JSON.stringify({ ...recording(), formatVersion: 2 }), 'formatVersion'],
    [JSON.stringify({ ...recording(), extra: 1 }), 'extra'],
    [JSON.stringify({ ...recording(), clock: 'yesterday' }), 'clock'],
  ])('that reads %s is refused with its problem', (text, problem) => {
    expect(() => parseRecording(text, 'tests/x.recording.json')).toThrow(
      expect.objectContaining({ code: 'recording_invalid', message: expect.stringContaining(problem) }),
    );
  });

  it('has 10 MB at most, written and read', async () => {
    const [exchange] = recording().exchanges;
    const large = recording({
      exchanges: [
        { ...exchange, response: { status: 200, headers: {}, body: 'x'.repeat(10_000_001) } },
      ] as Recording['exchanges'],
    });
    expect(() => formatRecording(large, 'a')).toThrow(expect.objectContaining({ code: 'recording_too_large' }));
    const folder = await mkdtemp(join(tmpdir(), 'tenon-recording-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'a.recording.json');
    await writeFile(file, '');
    await truncate(file, 10_000_001);
    await expect(readRecording(file)).rejects.toMatchObject({ code: 'recording_too_large' });
    await expect(readRecording(join(folder, 'none'))).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('redaction', () => {
  it('takes credentials out of headers, queries, paths and bodies', () => {
    const { exchanges } = redactRecording(
      draft({
        exchanges: [
          {
            request: {
              method: 'POST',
              path: `/bot${secret}/send?api_key=other-key-value&page=2`,
              headers: { Authorization: `Bearer ${secret}`, 'X-Api-Key': secret, Accept: 'application/json' },
              body: { client_secret: 'hush-hush', note: `it is ${secret}` },
            },
            response: {
              status: 200,
              headers: { 'Set-Cookie': 'sid=1', Date: 'now', Link: `</next?access_token=${secret}>; rel="next"` },
              body: { access_token: 'fresh-token', key: 'PROJ-1', next_page_token: 'abcdefgh' },
            },
          },
        ],
      }),
      { secrets: [secret] },
    );
    expect(exchanges).toEqual([
      {
        request: {
          method: 'POST',
          path: '/bot[redacted]/send?api_key=[redacted]&page=2',
          headers: { accept: 'application/json' },
          body: { client_secret: '[redacted]', note: 'it is [redacted]' },
        },
        response: {
          status: 200,
          headers: { link: '</next?access_token=[redacted]>; rel="next"' },
          body: { access_token: '[redacted]', key: 'PROJ-1', next_page_token: 'abcdefgh' },
        },
      },
    ]);
  });

  it('redacts variables that are secret by name or by value, and keeps the others', () => {
    const variables = { SIGNING_KEY: 'whatever', REGION: 'eu', OTHER: secret };
    expect(redactRecording(draft({ variables }), { secrets: [secret] }).variables).toEqual({
      SIGNING_KEY: '[redacted]',
      REGION: 'eu',
      OTHER: '[redacted]',
    });
  });

  it('gives people other addresses on request, the same person the same one', () => {
    const body = { a: 'Ann <ann@corp.example>', b: 'bob@corp.example', c: 'ANN@corp.example' };
    const [exchange] = redactRecording(
      draft({ exchanges: [{ request: { method: 'GET', path: '/' }, response: { status: 200, body } }] }),
      { redactEmails: true },
    ).exchanges;
    expect(exchange?.response.body).toEqual({
      a: 'Ann <person-1@example.com>',
      b: 'person-2@example.com',
      c: 'person-1@example.com',
    });
  });

  it('leaves out the multipart body, whose boundary differs each time', () => {
    const request = {
      method: 'POST',
      path: '/files',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: '--x',
    };
    const [exchange] = redactRecording(draft({ exchanges: [{ request, response: { status: 201 } }] })).exchanges;
    expect(exchange?.request).toEqual({ method: 'POST', path: '/files' });
  });
});

describe('the search for secrets', () => {
  it.each([
    ['a GitHub token', gitHubToken],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----'],
    ['a JSON Web Token', `eyJhbGciOiJI.eyJzdWIiOiIx.${'s'.repeat(20)}`],
    ['an AWS access key', `AKIA${'ABCD1234'.repeat(2)}`],
    ['a Slack token', `xoxb-${'1'.repeat(12)}-abc`],
    ['a Stripe key', `sk_live_${'a1'.repeat(12)}`],
    ['a password in an address', 'postgres://me:hunter2@db/x'],
    ['a credential of the connection', `prefix ${secret}`],
  ])('finds %s and says where, not what', (kind, value) => {
    const found = findSecrets({ list: [{ 'odd name': value }] }, { secrets: [secret] });
    expect(found).toEqual([{ path: '$.list[0]["odd name"]', kind }]);
  });

  it('finds fields that hold secrets, and secrets as names of fields', () => {
    expect(findSecrets({ password: 'hunter22', ['x'.concat('-', gitHubToken)]: 1 })).toEqual([
      { path: '$.password', kind: 'a field named password' },
      { path: '$.(name 2)', kind: 'a secret as the name of a field' },
    ]);
  });

  it('passes what is redacted, and what somebody allowed', () => {
    expect(findSecrets({ token: '[redacted]', key: 'PROJ-1', text: 'Bearer [redacted]' })).toEqual([]);
    expect(findSecrets({ a: gitHubToken }, { allowed: ['$.a'] })).toEqual([]);
  });

  it('refuses the recording without repeating the secret', () => {
    const refused = (() => {
      try {
        refuseSecrets({ exchanges: [{ body: gitHubToken }] }, {});
        return undefined;
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toMatchObject({
      code: 'recording_secret',
      message: expect.stringContaining('$.exchanges[0].body'),
    });
    expect(JSON.stringify(refused)).not.toContain(gitHubToken);
  });
});
