import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goodApiKey, goodClient } from '../credentials/testing/sample-provider-server.ts';
import { createCredentialSource } from '../credentials/credential-source.ts';
import { encrypt } from '../credentials/envelope.ts';
import { createBrowser } from './testing/browser.ts';
import { openConnectRoom, type ConnectRoom } from './testing/connect-room.ts';
import { devKey, otherKey } from './testing/http-room.ts';

/**
 * What a dump of the database, and the server's log, must not hold. A room that keeps a new kind of secret adds a flow
 * here: what is done, and the secrets that then must not be found.
 */
interface Flow {
  readonly what: string;
  /** @returns the secrets that went in or came out */
  run(http: ConnectRoom): Promise<string[]>;
}

/** What the sample sync asks for. */
const settings = { project: 'p' };

const marker = (name: string) => `marker-${name}-${randomBytes(9).toString('base64url')}`;

async function post(http: ConnectRoom, url: string, payload: unknown): Promise<Record<string, unknown>> {
  const answer = await http.call('POST', url, { payload });
  if (answer.status >= 300) throw new Error(`${url}: ${answer.text}`);
  return answer.body as Record<string, unknown>;
}

const flows: readonly Flow[] = [
  { what: 'keys that the server is configured with', run: () => Promise.resolve([devKey, otherKey]) },
  {
    what: 'an API key',
    run: async (http) => {
      const { key } = await post(http, '/v1/keys', { name: 'ci', scopes: ['records:read'] });
      await http.call('GET', '/v1/runs', { headers: { authorization: `Bearer ${String(key)}` } });
      return [String(key)];
    },
  },
  {
    what: 'a key that nobody made',
    run: async (http) => {
      const key = marker('guess');
      await http.call('GET', '/v1/whoami', { headers: { authorization: `Bearer ${key}` } });
      return [key];
    },
  },
  {
    what: 'credentials that the provider accepts',
    run: async (http) => {
      const credentials = { mode: 'api_key', values: { apiKey: goodApiKey } };
      await post(http, '/v1/connections', { integration: 'tracker', id: 'user1', credentials, settings });
      return [goodApiKey];
    },
  },
  {
    what: 'credentials that are not tried, and those that replace them',
    run: async (http) => {
      const [first, second] = [marker('stored'), marker('patched')];
      const credentials = (apiKey: string) => ({ mode: 'api_key', values: { apiKey } });
      const common = { integration: 'tracker', id: 'user2', verify: false, settings };
      await post(http, '/v1/connections', { ...common, credentials: credentials(first) });
      const payload = { credentials: credentials(second), verify: false };
      await http.call('PATCH', '/v1/connections/tracker/user2', { payload });
      return [first, second];
    },
  },
  {
    what: 'credentials that the provider refuses',
    run: async (http) => {
      const apiKey = marker('refused');
      const credentials = { mode: 'api_key', values: { apiKey } };
      const answer = await http.call('POST', '/v1/connections', {
        payload: { integration: 'tracker', id: 'user3', credentials, settings },
      });
      expect(answer.status).toBe(424);
      expect(answer.text).not.toContain(apiKey);
      return [apiKey];
    },
  },
  {
    what: 'a request whose credentials have the wrong form',
    run: async (http) => {
      const apiKey = marker('malformed');
      const answer = await http.call('POST', '/v1/connections', {
        payload: { integration: 'tracker', id: 'user4', credentials: { mode: apiKey, values: { apiKey: [apiKey] } } },
      });
      expect(answer.text).not.toContain(apiKey);
      return [apiKey];
    },
  },
  {
    what: 'a client and its token, renewed',
    run: async (http) => {
      const { clientId, clientSecret } = goodClient;
      const credentials = { mode: 'oauth2_client_credentials', clientId, clientSecret };
      await post(http, '/v1/connections', { integration: 'crm', id: 'user5', credentials });
      const { database } = http.room.context;
      const { id } = await database
        .selectFrom('connections')
        .select('id')
        .where('name', '=', 'user5')
        .executeTakeFirstOrThrow();
      const source = createCredentialSource(http.room.context);
      const before = await source.getActiveCredential(id);
      const after = await source.getActiveCredential(id, { renew: true, refused: before });
      return [clientSecret, ...[before, after].map(({ fields }) => String(fields['accessToken']))];
    },
  },
  {
    what: 'a variable, and the one that replaces it',
    run: async (http) => {
      const values = [marker('variable'), marker('variable-again')];
      for (const value of values) await http.call('PUT', '/v1/variables/CRM_CLIENT_SECRET', { payload: { value } });
      return values;
    },
  },
  {
    what: 'a webhook endpoint, before and after its secret was rotated',
    run: async (http) => {
      const { id, secret } = await post(http, '/v1/webhooks/endpoints', { url: 'https://app.example.com/hook' });
      const rotated = await post(http, `/v1/webhooks/endpoints/${String(id)}/rotate-secret`, {});
      return [secret, rotated['secret']].flatMap((one) => [String(one), String(one).replace('whsec_', '')]);
    },
  },
  {
    what: 'a customer who goes to a provider and comes back',
    run: async (http) => {
      const session = await http.createSession({ endUser: { id: 'user6' } });
      let cookie = '';
      const browser = createBrowser();
      const watched = {
        ...browser,
        fetch: async (...request: Parameters<typeof browser.fetch>) => {
          const response = await browser.fetch(...request);
          cookie ||= /=([^;]+)/.exec(response.headers.get('set-cookie') ?? '')?.[1] ?? '';
          return response;
        },
      };
      const { attempt } = await http.startAttempt(session, { browser: watched });
      const callback = new URL(await http.consent(attempt));
      const [code, state] = ['code', 'state'].map((name) => callback.searchParams.get(name) ?? '');
      expect(await browser.fetch(callback.href)).toMatchObject({ status: 200 });
      // A second time, and with a state of nobody's: both are refused, and the log hears of it.
      const stray = marker('state');
      await browser.fetch(callback.href);
      await browser.fetch(`${http.url}/oauth/callback?code=${marker('code')}&state=${stray}`);
      const { token } = session;
      return [token, token.slice(4), cookie, String(state), stray, `token-${code}`, `refresh-${code}`];
    },
  },
  {
    what: 'a customer who is at the provider now',
    run: async (http) => {
      const session = await http.createSession({ endUser: { id: 'user7' } });
      const { attempt } = await http.startAttempt(session);
      const sent = new URL(attempt.url ?? '').searchParams;
      return [session.token, sent.get('state') ?? '', sent.get('code_challenge') ?? ''];
    },
  },
  {
    what: 'a secret in the wrong place of an address',
    run: async (http) => {
      const secret = marker('address');
      await http.call('GET', `/v1/nothing?token=${secret}&code=${secret}&state=${secret}`);
      await http.call('GET', `/v1/runs?api_key=${secret}`);
      return [secret];
    },
  },
  {
    what: 'a rotation of the encryption key',
    run: async (http) => {
      const { bytes } = http.room.keyring.current;
      await post(http, '/v1/keys/encryption/rotate', {});
      return [bytes, http.room.keyring.current.bytes].map((key) => key.toString('latin1'));
    },
  },
];

/** As it would be met: as it is, or as base64 or hexadecimal within something else. */
function spellings(secret: string): Buffer[] {
  const bytes = Buffer.from(secret, secret.length === 32 && !/^[\x20-\x7e]*$/.test(secret) ? 'latin1' : 'utf8');
  const hex = bytes.toString('hex');
  // Base64 of a part looks otherwise by where it begins: its inner characters for each of the three.
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    return text.slice(shift === 0 ? 0 : 4, -4);
  });
  return [
    bytes,
    ...[hex, hex.toUpperCase(), ...base64].map((text) => Buffer.from(text)),
    ...base64.map((text) => Buffer.from(text.replaceAll('+', '-').replaceAll('/', '_'))),
  ].filter((spelling) => spelling.length >= 6);
}

/** Every value of every table of every schema of Tenon's, as bytes. */
async function readDump(http: ConnectRoom): Promise<Map<string, Buffer[]>> {
  const { pool } = http.room;
  const { rows: columns } = await pool.query<{ schema: string; table: string; column: string; type: string }>(
    `select table_schema as schema, table_name as table, column_name as column, data_type as type
     from information_schema.columns join information_schema.tables using (table_schema, table_name)
     where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`,
  );
  const dump = new Map<string, Buffer[]>();
  for (const { schema, table, column, type } of columns) {
    const value = type === 'bytea' ? `"${column}"` : `convert_to("${column}"::text, 'UTF8')`;
    const { rows } = await pool.query<{ value: Buffer }>(
      `select ${value} as value from "${schema}"."${table}" where "${column}" is not null`,
    );
    dump.set(
      `${schema}.${table}.${column}`,
      rows.map((row) => row.value),
    );
  }
  return dump;
}

const places = (dump: Map<string, Buffer[]>, secret: string) =>
  [...dump].flatMap(([place, values]) =>
    values.some((value) => spellings(secret).some((spelling) => value.includes(spelling))) ? [place] : [],
  );

describe('a dump of the database and the log', () => {
  let http: ConnectRoom;
  const secrets = new Map<string, string[]>();
  let dump: Map<string, Buffer[]>;

  beforeAll(async () => {
    http = await openConnectRoom();
    for (const flow of flows) secrets.set(flow.what, await flow.run(http));
    dump = await readDump(http);
  }, 30_000);
  afterAll(() => http.close());

  it.each(flows)('hold no secret of $what', ({ what }) => {
    const own = secrets.get(what) ?? [];
    expect(own.length).toBeGreaterThan(0);
    const log = Buffer.from(http.log.join(''));
    for (const secret of own) {
      expect(secret.length).toBeGreaterThan(5);
      expect(places(dump, secret)).toEqual([]);
      expect(spellings(secret).some((spelling) => log.includes(spelling))).toBe(false);
    }
  });

  it('would show a secret that is stored as it is, in hexadecimal, in base64 or in JSON', async () => {
    const secret = marker('planted');
    const { keyring } = http.room;
    const place = { table: 'variables', column: 'value', row: 1 };
    const plant = async (value: Buffer) => {
      await http.room.pool.query('update variables set value = $1', [value]);
      return places(await readDump(http), secret);
    };
    expect(await plant(encrypt(secret, { keyring, place }))).toEqual([]);
    for (const text of [secret, Buffer.from(secret).toString('hex'), Buffer.from(`x${secret}`).toString('base64')]) {
      expect(await plant(Buffer.from(`before ${text} after`))).toEqual(['public.variables.value']);
    }
    await http.room.pool.query(`update connections set metadata = $1 where name = 'user2'`, [{ deep: [secret] }]);
    expect(places(await readDump(http), secret)).toContain('public.connections.metadata');
  });
});
