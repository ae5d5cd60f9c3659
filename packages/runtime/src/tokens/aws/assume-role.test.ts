import { sign as signWithAws4 } from 'aws4';
import { afterEach, describe, expect, it } from 'vitest';
import type { Dispatcher } from 'undici';
import { toActiveCredential } from '../../provider/active-credential.ts';
import type { ProviderInput } from '../../provider/provider-schema.ts';
import type { AnswerRequest, LocalRequest } from '../../testing/local-api.ts';
import { obtainToken } from '../obtain-token.ts';
import { localNowMs, startTokenContext, type StartedTokenContext } from '../testing/start-token-context.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret-access-key' };
const credentials = { mode: 'aws_sigv4', values: {} } as const;

/** As documented with AssumeRole, shortened. */
const answered = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult>
    <AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/demo/tenon</Arn></AssumedRoleUser>
    <Credentials>
      <AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>
      <SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY</SecretAccessKey>
      <SessionToken>
       AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQ==
      </SessionToken>
      <Expiration>2030-01-01T00:15:00Z</Expiration>
    </Credentials>
  </AssumeRoleResult>
</AssumeRoleResponse>`;

const refusal = (code: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>secret-access-key</Message></Error></ErrorResponse>`;

interface Started extends StartedTokenContext {
  /** Where the requests were meant to go. */
  readonly origins: string[];
}

async function start(answer: AnswerRequest, config: Record<string, string> = {}, auth: object = {}): Promise<Started> {
  const started = await startTokenContext({
    auth: {
      mode: 'aws_sigv4',
      service: 's3',
      region: '${connection.region}',
      accessKeyId: '${integration.accessKeyId}',
      secretAccessKey: '${integration.secretAccessKey}',
      assumeRole: { roleArn: '${connection.roleArn}', externalId: '${connection.externalId}', durationSeconds: 900 },
      ...auth,
    } as ProviderInput['auth'],
    answer,
    provider: { integration: { accessKeyId: { title: 'Key' }, secretAccessKey: { title: 'Secret', secret: true } } },
    integration: keys,
    config: { region: 'eu-central-1', roleArn: 'arn:aws:iam::1:role/demo', externalId: 'customer 1', ...config },
  });
  open.push(started);
  const origins: string[] = [];
  // What is meant for AWS arrives at the local server.
  const dispatcher: Dispatcher = started.context.dispatcher.compose((dispatch) => (options, handler) => {
    origins.push(String(options.origin));
    return dispatch({ ...options, origin: started.api.url }, handler);
  });
  return { ...started, context: { ...started.context, dispatcher }, origins };
}

function verifySignature(host: string, { headers, body }: LocalRequest): void {
  const signed = signWithAws4(
    {
      service: 'sts',
      region: 'eu-central-1',
      method: 'POST',
      path: '/',
      body,
      headers: {
        host,
        'content-type': headers['content-type'] ?? '',
        'x-amz-date': String(headers['x-amz-date']),
      },
      extraHeadersToIgnore: { 'content-length': true },
    } as Parameters<typeof signWithAws4>[0],
    keys,
  );
  expect(headers.authorization).toBe(signed.headers?.['Authorization']);
}

describe('assumeRole', () => {
  it("asks the region's endpoint, signed with the integration's keys, and gives those of the session", async () => {
    const started = await start(() => ({ body: answered }));
    const token = await obtainToken({ ...started.context, credentials });
    const sessionToken = 'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQ==';
    expect(token).toEqual({
      accessToken: sessionToken,
      expiresAtMs: localNowMs + 900_000,
      fields: {
        accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
        secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY',
        sessionToken,
      },
    });
    expect(toActiveCredential(credentials, token).fields).toEqual(token.fields);
    const [request] = started.api.requests;
    expect(started.origins).toEqual(['https://sts.eu-central-1.amazonaws.com']);
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: 'arn:aws:iam::1:role/demo',
      RoleSessionName: 'tenon',
      DurationSeconds: '900',
      ExternalId: 'customer 1',
    });
    if (request) verifySignature('sts.eu-central-1.amazonaws.com', request);
  });

  it('asks AWS in China at its own domain', async () => {
    const started = await start(() => ({ body: answered }), { region: 'cn-north-1' });
    await obtainToken({ ...started.context, credentials });
    expect(started.origins).toEqual(['https://sts.cn-north-1.amazonaws.com.cn']);
  });

  it('sends nothing to what is no region', async () => {
    const started = await start(() => ({ body: answered }), { region: 'eu-1.evil.example/' });
    const failure = obtainToken({ ...started.context, credentials });
    await expect(failure).rejects.toMatchObject({ code: 'interpolation_failed' });
    expect(started.origins).toEqual([]);
  });

  it.each([
    ['AccessDenied', 403, 'provider_unauthorized'],
    ['ValidationError', 400, 'provider_unauthorized'],
    ['InvalidClientTokenId', 403, 'integration_misconfigured'],
    ['SignatureDoesNotMatch', 403, 'integration_misconfigured'],
    ['Throttling', 400, 'provider_rate_limited'],
    ['InternalFailure', 500, 'provider_error'],
  ])('tells %s apart', async (name, status, code) => {
    const started = await start(() => ({ status, body: refusal(name) }));
    const failure: unknown = await obtainToken({ ...started.context, credentials }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code });
    expect(JSON.stringify([failure, String(failure)])).not.toContain('secret-access-key');
  });

  it("blames the connection where the keys are the customer's", async () => {
    const started = await start(
      () => ({ status: 403, body: refusal('InvalidClientTokenId') }),
      {},
      {
        fields: { accessKeyId: { title: 'Key' }, secretAccessKey: { title: 'Secret', secret: true } },
        accessKeyId: '${credential.accessKeyId}',
        secretAccessKey: '${credential.secretAccessKey}',
      },
    );
    const failure = obtainToken({ ...started.context, credentials: { mode: 'aws_sigv4', values: keys } });
    await expect(failure).rejects.toMatchObject({ code: 'provider_unauthorized' });
  });

  it('says so when there are no keys in the answer', async () => {
    const started = await start(() => ({ body: '<html>' }));
    const failure = obtainToken({ ...started.context, credentials });
    await expect(failure).rejects.toMatchObject({ code: 'provider_answer_invalid' });
  });
});
