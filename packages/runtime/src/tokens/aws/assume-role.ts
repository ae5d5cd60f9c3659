import { TenonError } from '../../errors/tenon-error.ts';
import type { AuthOf } from '../../provider/auth/provider-auth.ts';
import { interpolate, listPlaceholders } from '../../provider/interpolate.ts';
import { listIntegrationSecrets } from '../../provider/list-integration-secrets.ts';
import type { ProviderToken } from '../../provider/provider-token.ts';
import { systemClock } from '../../request/clock.ts';
import { signAwsSigv4 } from '../../request/signing/aws-sigv4.ts';
import { readDeclaredAwsKeys } from '../../request/signing/create-request-signer.ts';
import { createExchangeError, type ExchangeVerdict } from '../endpoint/endpoint-error.ts';
import { readMoment } from '../endpoint/read-expiry.ts';
import { sendExchange } from '../endpoint/send-exchange.ts';
import { credentialValues } from '../credential-values.ts';
import { exchangeValues } from '../exchange-values.ts';
import { requireMode } from '../require-mode.ts';
import type { TokenRequest } from '../token-context.ts';

type AwsAuth = AuthOf<'aws_sigv4'>;

/** Of the keys that ask: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
const keyErrors = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'MissingAuthenticationToken',
  'OptInRequired',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);
const passingErrors = new Set(['Throttling', 'ThrottlingException', 'RequestLimitExceeded', 'RequestThrottled']);

/** STS answers in XML whose values are flat texts; those that are read here hold no entities. */
function readElement(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>\\s*([^<]+?)\\s*</${name}>`).exec(xml)?.[1];
}

/** Regional endpoints answer faster, and give tokens that hold in every region. */
function stsAddress(region: string): URL {
  if (!/^[a-z]{2,4}(-[a-z]+)+-\d+$/.test(region)) {
    throw new TenonError('interpolation_failed', 'The region of the AWS account is not one.', {
      hint: 'Expected the code of a region, such as eu-central-1.',
    });
  }
  return new URL(`https://sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/`);
}

function judgeRefusal(auth: AwsAuth, xml: string, status: number): ExchangeVerdict {
  const code = readElement(xml, 'Code') ?? String(status);
  if (passingErrors.has(code)) return { code: 'provider_rate_limited', text: `says ${code}`, hint: 'Try again later.' };
  const isOfTheApp = listPlaceholders(auth.accessKeyId).some(({ reference }) => reference?.namespace === 'integration');
  if (keyErrors.has(code) && isOfTheApp) {
    const hint = "Check the integration's access key, its secret and the server's clock.";
    return { code: 'integration_misconfigured', text: `refuses the app's keys: ${code}`, hint };
  }
  return {
    code: 'provider_unauthorized',
    text: `does not let the role be assumed: ${code}`,
    hint: "Check the role's ARN, the account and external ID that its trust policy names, and its longest session.",
  };
}

/**
 * Assumes the customer's role for a session.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 * @returns the session's keys as fields of the credential
 * @throws TenonError `provider_unauthorized` when the role does not trust the app, `integration_misconfigured` when AWS
 *   refuses the app's own keys, and what `sendExchange` throws
 */
export async function assumeRole(request: TokenRequest): Promise<ProviderToken> {
  const auth = requireMode(request.provider, 'aws_sigv4');
  const { provider, integration, clock = systemClock } = request;
  const { assumeRole: role } = auth;
  if (!role) throw new TenonError('credentials_invalid', `${provider.displayName} signs with the keys themselves.`);
  const credential = credentialValues(request.credentials);
  const values = exchangeValues(request, credential);
  const keys = { ...readDeclaredAwsKeys(auth, values), service: 'sts' };
  const url = stsAddress(keys.region);
  const externalId = role.externalId === undefined ? undefined : interpolate(role.externalId, values);
  const body = new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: interpolate(role.roleArn, values),
    RoleSessionName: interpolate(role.sessionName, values),
    DurationSeconds: String(role.durationSeconds),
    ...(externalId !== undefined && { ExternalId: externalId }),
  }).toString();
  const report = await sendExchange(request, {
    endpoint: 'Security Token Service',
    repeat: 'safe',
    secrets: [...Object.values(credential), ...listIntegrationSecrets(provider, integration)],
    build() {
      const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', accept: 'text/xml' };
      const plain = { method: 'POST', origin: url.origin, path: '/', headers, body };
      const signature = signAwsSigv4(plain, keys, { nowMs: clock.now(), nonce: '' });
      return { method: 'POST', url, headers: { ...headers, ...signature.headers }, body };
    },
  });
  const { status, body: answer } = report.outcome;
  const xml = answer.toString('utf8');
  if (status >= 400) throw createExchangeError(report, { verdict: judgeRefusal(auth, xml, status) });
  const accessKeyId = readElement(xml, 'AccessKeyId');
  const secretAccessKey = readElement(xml, 'SecretAccessKey');
  const sessionToken = readElement(xml, 'SessionToken');
  if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined) {
    throw new TenonError('provider_answer_invalid', 'The Security Token Service of AWS gave no keys of a session.');
  }
  const expiresAtMs =
    readMoment(readElement(xml, 'Expiration'), 'date', clock.now()) ?? clock.now() + role.durationSeconds * 1_000;
  // The session's token is what renewals are told apart by.
  return { accessToken: sessionToken, expiresAtMs, fields: { accessKeyId, secretAccessKey, sessionToken } };
}
