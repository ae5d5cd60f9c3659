import { describe, expect, it } from 'vitest';
import type { ActionManifest, Manifest, ProviderHooksManifest, SyncManifest } from '@tenon/runtime/contract';
import {
  hashOf,
  sampleAction,
  sampleIssueSchema,
  sampleManifest,
  sampleProvider,
  sampleSync,
} from '../testing/sample-manifest.ts';
import { planDeployment } from './plan-deployment.ts';

/** The only change that a plan holds, in short. */
function planSync(before: Partial<SyncManifest>, after: Partial<SyncManifest>) {
  return onlyChange(
    sampleManifest({ functions: [sampleSync(before)] }),
    sampleManifest({ functions: [sampleSync(after)] }),
  );
}

function planAction(after: Partial<ActionManifest>) {
  return onlyChange(
    sampleManifest({ functions: [sampleAction()] }),
    sampleManifest({ functions: [sampleAction(after)] }),
  );
}

function onlyChange(...[before, after]: Parameters<typeof planDeployment>) {
  const { changes } = planDeployment(before, after);
  expect(changes).toHaveLength(1);
  const [{ change, resync } = { change: undefined, resync: undefined }] = changes;
  return { action: change?.action, kind: change?.kind, class: change?.class, reasons: change?.reasons, resync };
}

function issueWith(properties: Record<string, object>, required = Object.keys(properties)) {
  return [
    {
      name: 'Issue',
      schema: {
        ...sampleIssueSchema,
        properties: { ...sampleIssueSchema.properties, ...properties },
        required: [...sampleIssueSchema.required, ...required],
      },
    },
  ];
}

function issueWithout(...names: string[]) {
  const properties = Object.entries(sampleIssueSchema.properties).filter(([name]) => !names.includes(name));
  const required = sampleIssueSchema.required.filter((name) => !names.includes(name));
  return [{ name: 'Issue', schema: { type: 'object', properties: Object.fromEntries(properties), required } }];
}

describe('planDeployment', () => {
  it('finds nothing between equal manifests, whatever the order of their keys', () => {
    const reordered = Object.fromEntries(Object.entries(sampleSync()).toReversed()) as unknown as SyncManifest;
    expect(
      planDeployment(sampleManifest(), sampleManifest({ functions: [reordered, sampleAction()] })).changes,
    ).toEqual([]);
  });

  it('creates everything where nothing is deployed', () => {
    expect(
      planDeployment(null, sampleManifest()).changes.map(
        ({ change }) => `${change.action} ${change.kind} ${change.class}`,
      ),
    ).toEqual(['create integration safe', 'create sync safe', 'create action safe']);
  });

  it('says code when only the bundle changed', () => {
    expect(planSync({}, { bundle: 'f'.repeat(64) })).toEqual({
      action: 'update',
      kind: 'sync',
      class: 'safe',
      reasons: ['code'],
      resync: false,
    });
  });

  it.each([
    [{ type: 'interval', everyMs: 900_000 }, 'schedule 1h -> 15m'],
    [{ type: 'interval', everyMs: 1_500 }, 'schedule 1h -> 1500ms'],
    [
      { type: 'interval', everyMs: 3_600_000, phaseMs: 300_000, jitterMs: 60_000 },
      'schedule 1h -> 1h phase 5m jitter 1m',
    ],
    [
      { type: 'cron', expression: '0 6 * * 1-5', timezone: 'Europe/Berlin' },
      'schedule 1h -> "0 6 * * 1-5" Europe/Berlin',
    ],
    [null, 'schedule 1h -> none'],
  ] as const)('says what a schedule becomes: %o', (schedule, reason) => {
    expect(planSync({}, { schedule })).toMatchObject({ class: 'safe', reasons: [reason], resync: false });
  });

  it('gathers every reason, and takes the gravest class', () => {
    expect(
      planSync({}, { bundle: 'f'.repeat(64), timeoutMs: 60_000, description: 'Issues', models: issueWithout('title') }),
    ).toMatchObject({ class: 'breaking', reasons: ['code', 'description', 'timeout 1h -> 1m', 'model Issue: -title'] });
  });

  describe('models', () => {
    it.each([
      ['an optional field is safe', issueWith({ due: { type: 'string' } }, []), 'safe', ['model Issue: +due'], false],
      [
        'a required field is read again',
        issueWith({ labels: { type: 'array' } }),
        'resync',
        ['model Issue: +labels'],
        true,
      ],
      ['a removed field breaks readers', issueWithout('title'), 'breaking', ['model Issue: -title'], false],
      [
        'a changed type breaks readers and is read again',
        issueWith({ priority: { type: 'string' } }, []),
        'breaking',
        ['model Issue: priority number -> string'],
        true,
      ],
      [
        'a nested field is named by its path',
        issueWith({ author: { type: 'object', properties: { login: { type: 'number' } }, required: ['login'] } }, []),
        'breaking',
        ['model Issue: author.login string -> number'],
        true,
      ],
      [
        'a type that becomes nullable breaks readers',
        issueWith({ title: { anyOf: [{ type: 'string' }, { type: 'null' }] } }, []),
        'breaking',
        ['model Issue: title string -> string | null'],
        true,
      ],
      [
        'each class has its own reason',
        issueWith({ labels: { type: 'array' }, priority: { type: 'string' } }, ['labels']),
        'breaking',
        ['model Issue: +labels', 'model Issue: priority number -> string'],
        true,
      ],
      [
        'a tighter format is safe',
        issueWith({ title: { type: 'string', maxLength: 10 } }, []),
        'safe',
        ['model Issue: title refined'],
        false,
      ],
    ] as const)('%s', (...[, models, kind, reasons, resync]) => {
      expect(planSync({}, { models: [...models] })).toMatchObject({ class: kind, reasons, resync });
    });

    it('does not count prose', () => {
      const models = issueWith({ title: { type: 'string', description: 'What it is about' } }, []);
      expect(
        planDeployment(
          sampleManifest({ functions: [sampleSync()] }),
          sampleManifest({ functions: [sampleSync({ models })] }),
        ).changes,
      ).toEqual([]);
    });

    it('a field that became optional breaks readers; one that became required is read again', () => {
      const optional = [{ name: 'Issue', schema: { ...sampleIssueSchema, required: ['id', 'priority', 'author'] } }];
      expect(planSync({}, { models: optional })).toMatchObject({
        class: 'breaking',
        reasons: ['model Issue: title now optional'],
      });
      expect(planSync({ models: optional }, {})).toMatchObject({
        class: 'resync',
        reasons: ['model Issue: title now required'],
        resync: true,
      });
    });

    it('a new model is read from the start, a removed one is destructive', () => {
      const two = [...sampleSync().models, { name: 'Label', schema: sampleIssueSchema }];
      expect(planSync({}, { models: two })).toMatchObject({
        class: 'resync',
        reasons: ['model Label: new'],
        resync: true,
      });
      expect(planSync({ models: two }, {})).toMatchObject({ class: 'destructive', reasons: ['model Label: removed'] });
    });
  });

  it.each([
    ['deletes', {}, { deletes: 'absence' as const }, 'deletes none -> absence', 'resync'],
    [
      'a cursor',
      {},
      { cursor: { field: 'updatedAt', initial: null, order: 'unordered' as const, lagMs: 0 } },
      'cursor none -> updatedAt',
      'resync',
    ],
    [
      'a lag',
      { cursor: { field: 'updatedAt', initial: null, order: 'unordered' as const, lagMs: 0 } },
      { cursor: { field: 'updatedAt', initial: null, order: 'unordered' as const, lagMs: 300_000 } },
      'cursor lag 0ms -> 5m',
      'safe',
    ],
    ['deleting by a feed', {}, { deletes: 'feed' as const }, 'deletes none -> feed', 'safe'],
    [
      'a flag',
      { deletes: 'flag' as const, deletedFlag: 'gone' },
      { deletes: 'flag' as const, deletedFlag: 'deleted' },
      'deletes flag gone -> flag deleted',
      'resync',
    ],
    ['an overlap', {}, { overlap: 'queue-one' as const }, 'overlap skip -> queue-one', 'safe'],
    ['an airbag', {}, { airbag: null }, 'airbag 20 % from 10 -> off', 'safe'],
    ['a limit', {}, { concurrency: { key: 'exports', limit: 2 } }, 'concurrency none -> 2 of exports', 'safe'],
    [
      'a retry',
      {},
      { retry: { attempts: 5, backoffMs: 10_000, maxBackoffMs: 600_000 } },
      'retry 1 x 10s up to 10m -> 5 x 10s up to 10m',
      'safe',
    ],
    ['a webhook', {}, { hasWebhook: true }, '+onWebhook', 'safe'],
  ])('knows what follows from %s', (...[, before, after, reason, kind]) => {
    expect(planSync(before, after)).toMatchObject({ class: kind, reasons: [reason], resync: kind === 'resync' });
  });

  it('asks nothing of connections for an optional setting, and breaks them with a required one', () => {
    const settings = (required: string[]) => ({ type: 'object', properties: { repos: { type: 'array' } }, required });
    expect(planSync({}, { settings: settings([]) })).toMatchObject({ class: 'safe', reasons: ['settings: +repos'] });
    expect(planSync({}, { settings: settings(['repos']) })).toMatchObject({ class: 'breaking' });
  });

  it('tells what an action asks for from what it gives', () => {
    expect(
      planAction({
        input: {
          type: 'object',
          properties: { title: { type: 'string' }, body: { type: 'string' } },
          required: ['title', 'body'],
        },
      }),
    ).toMatchObject({ class: 'breaking', reasons: ['input: +body'] });
    expect(planAction({ input: { type: 'object', properties: {} } })).toMatchObject({
      class: 'safe',
      reasons: ['input: -title'],
    });
    expect(planAction({ output: { type: 'object', properties: {} } })).toMatchObject({
      class: 'breaking',
      reasons: ['output: -id'],
    });
  });

  it('tells which errors an action has more or less, and which payloads an app would read wrongly', () => {
    const payload = (properties: object) => ({ type: 'object', properties });
    expect(planAction({ errors: { title_taken: payload({}) } })).toMatchObject({
      class: 'safe',
      reasons: ['error +title_taken'],
    });
    const declared = sampleManifest({ functions: [sampleAction({ errors: { title_taken: payload({ id: {} }) } })] });
    expect(onlyChange(declared, sampleManifest({ functions: [sampleAction()] }))).toMatchObject({
      class: 'safe',
      reasons: ['error -title_taken'],
    });
    const poorer = sampleAction({ errors: { title_taken: payload({}) } });
    expect(onlyChange(declared, sampleManifest({ functions: [poorer] }))).toMatchObject({
      class: 'breaking',
      reasons: ['error title_taken: -id'],
    });
  });

  it('calls a removed sync destructive and a removed action breaking', () => {
    expect(onlyChange(sampleManifest(), sampleManifest({ functions: [sampleAction()] }))).toMatchObject({
      action: 'delete',
      class: 'destructive',
      reasons: ['removed, with its records of Issue'],
    });
    expect(onlyChange(sampleManifest(), sampleManifest({ functions: [sampleSync()] }))).toMatchObject({
      action: 'delete',
      class: 'breaking',
    });
  });

  it('takes a renamed sync for a removed one and a new one', () => {
    const { changes, hints } = planDeployment(
      sampleManifest(),
      sampleManifest({ functions: [sampleSync({ name: 'tickets' }), sampleAction()] }),
    );
    expect(changes.map(({ change }) => `${change.action} ${change.name}`)).toEqual(['create tickets', 'delete issues']);
    expect(hints).toEqual([expect.stringContaining("renamedFrom: 'issues'")]);
  });

  it('calls a removed integration destructive', () => {
    const after = sampleManifest({ integrations: [], providers: [], functions: [] });
    expect(planDeployment(sampleManifest(), after).changes[0]?.change).toMatchObject({
      action: 'delete',
      kind: 'integration',
      class: 'destructive',
    });
  });

  it('tells a changed address of a provider from changed credentials', () => {
    const moved = sampleManifest({ providers: [sampleProvider({ baseUrl: 'https://tracker.example/v2' })] });
    expect(onlyChange(sampleManifest(), moved)).toMatchObject({
      class: 'safe',
      reasons: ['provider tracker: baseUrl'],
    });
    const basic = sampleManifest({ providers: [sampleProvider({ auth: { mode: 'basic' } })] });
    expect(onlyChange(sampleManifest(), basic)).toMatchObject({
      class: 'breaking',
      reasons: ['auth api_key -> basic'],
    });
  });

  it('says what the code changed about an integration, by name and never by value', () => {
    const auth = {
      mode: 'oauth2' as const,
      authorizationUrl: 'https://tracker.example/authorize',
      tokenUrl: 'https://tracker.example/token',
      scopes: ['read'],
    };
    const declare = (integration: object) =>
      sampleManifest({
        integrations: [{ name: 'tracker', provider: 'tracker', ...integration }],
        providers: [sampleProvider({ auth, headers: { authorization: 'Bearer ${credential.accessToken}' } })],
      });
    const before = declare({ values: { clientId: { value: 'old-id' }, clientSecret: { variable: 'SECRET' } } });
    const after = declare({
      scopes: ['read', 'write'],
      values: { clientId: { value: 'new-id' } },
      authorizationParameters: { prompt: 'consent' },
    });
    const change = onlyChange(before, after);
    expect(change).toMatchObject({
      kind: 'integration',
      class: 'safe',
      reasons: ['scopes +write', 'values -clientSecret ~clientId', 'authorizationParameters +prompt'],
    });
    expect(onlyChange(after, before)).toMatchObject({
      reasons: ['scopes -write', 'values +clientSecret ~clientId', 'authorizationParameters -prompt'],
    });
    expect(planDeployment(before, declare({ ...before.integrations[0], scopes: ['read'] })).changes).toEqual([]);
  });

  it('deploys a change of the hosted page alone', () => {
    const themed = sampleManifest({ connect: { theme: { appName: 'Acme' } } });
    expect(onlyChange(sampleManifest(), themed)).toMatchObject({ kind: 'connect', class: 'safe', reasons: ['theme'] });
    expect(planDeployment(null, themed).changes.map(({ change }) => change.kind)).not.toContain('connect');
  });
});

describe('hooks of providers', () => {
  const hooks = (changes: Partial<ProviderHooksManifest> = {}) => ({
    providerHooks: [
      {
        provider: 'tracker',
        source: 'providers/tracker.hooks.ts',
        bundle: hashOf('hooks'),
        hooks: ['verify' as const],
        ...changes,
      },
    ],
  });

  it.each([
    ['come', {}, hooks(), 'hooks: +verify'],
    ['go', hooks(), {}, 'hooks: -verify'],
    ['change their code', hooks(), hooks({ bundle: hashOf('other') }), 'code'],
    ['do other things', hooks(), hooks({ bundle: hashOf('other'), hooks: ['revoke'] }), 'hooks: +revoke, -verify'],
  ])('are a safe change of their integration when they %s', (_name, before, after, reason) => {
    const { changes } = planDeployment(sampleManifest(before), sampleManifest(after));
    expect(changes.map(({ change }) => change)).toEqual([
      {
        action: 'update',
        kind: 'integration',
        integration: 'tracker',
        name: 'tracker',
        class: 'safe',
        reasons: [reason],
      },
    ]);
  });

  it('that stay are no change, nor is a manifest from before there were hooks', () => {
    expect(planDeployment(sampleManifest(hooks()), sampleManifest(hooks())).changes).toEqual([]);
    const { providerHooks: _none, ...old } = sampleManifest();
    expect(planDeployment(old as Manifest, sampleManifest()).changes).toEqual([]);
  });
});
