import type { KeyObject } from 'node:crypto';
import type { AuthOf, ProviderAuth } from '../../provider/auth/provider-auth.ts';
import { interpolate, listPlaceholders, type InterpolationValues } from '../../provider/interpolate.ts';
import { signAwsSigv4, type AwsKeys } from './aws-sigv4.ts';
import { signCustom } from './custom-signature.ts';
import { signOauth1, type Oauth1Keys } from './oauth1.ts';
import { readPrivateKey } from './read-private-key.ts';
import type { RequestSigner } from './request-signer.ts';

/**
 * Makes what signs the requests of one credential; keys are read once.
 * @returns undefined for modes that do not sign
 * @throws TenonError `interpolation_failed` for a missing value, `credentials_invalid` for a key that cannot be read
 */
export function createRequestSigner(auth: ProviderAuth, values: InterpolationValues): RequestSigner | undefined {
  switch (auth.mode) {
    case 'oauth1': {
      const keys = readOauth1Keys(auth, values);
      return (request, moment) => signOauth1(request, keys, moment);
    }
    case 'aws_sigv4': {
      const keys = readAwsKeys(auth, values);
      return (request, moment) => signAwsSigv4(request, keys, moment);
    }
    case 'signature': {
      const options = { auth, values, key: readSignatureKey(auth, values) };
      return (request, moment) => signCustom(request, options, moment);
    }
    default:
      return undefined;
  }
}

/** The client's half of the keys, which also signs the requests that obtain a token. */
export function readOauth1Client(auth: AuthOf<'oauth1'>, values: InterpolationValues): Oauth1Keys {
  const secret = interpolate(auth.consumerSecret, values);
  return {
    signatureMethod: auth.signatureMethod,
    consumerKey: interpolate(auth.consumerKey, values),
    consumerSecret: auth.signatureMethod === 'RSA-SHA1' ? readPrivateKey(secret, 'auth.consumerSecret') : secret,
    realm: fillOptional(auth.realm, values),
  };
}

function readOauth1Keys(auth: AuthOf<'oauth1'>, values: InterpolationValues): Oauth1Keys {
  return {
    ...readOauth1Client(auth, values),
    token: interpolate(auth.token, values),
    tokenSecret: interpolate(auth.tokenSecret, values),
  };
}

/** With a role, the keys of the declaration serve only to assume it; requests are signed with those of the session. */
function readAwsKeys(auth: AuthOf<'aws_sigv4'>, values: InterpolationValues): AwsKeys {
  const keys = auth.assumeRole
    ? {
        accessKeyId: '${credential.accessKeyId}',
        secretAccessKey: '${credential.secretAccessKey}',
        sessionToken: '${credential.sessionToken}',
      }
    : auth;
  return readDeclaredAwsKeys({ ...auth, ...keys }, values);
}

/** The keys that the declaration names. */
export function readDeclaredAwsKeys(auth: AuthOf<'aws_sigv4'>, values: InterpolationValues): AwsKeys {
  return {
    accessKeyId: interpolate(auth.accessKeyId, values),
    secretAccessKey: interpolate(auth.secretAccessKey, values),
    sessionToken: fillOptional(auth.sessionToken, values),
    region: interpolate(auth.region, values),
    service: interpolate(auth.service, values),
  };
}

/** Long-lived keys have no session, not every account a realm: what is left out is not sent. */
function fillOptional(template: string | undefined, values: InterpolationValues): string | undefined {
  if (template === undefined) return undefined;
  const isSet = listPlaceholders(template).every(
    ({ reference }) => !reference || Object.hasOwn(values[reference.namespace] ?? {}, reference.field),
  );
  return isSet ? interpolate(template, values) : undefined;
}

function readSignatureKey(auth: AuthOf<'signature'>, values: InterpolationValues): Buffer | KeyObject {
  const text = interpolate(auth.key, values);
  if (auth.algorithm === 'rsa-sha256' || auth.algorithm === 'ed25519') return readPrivateKey(text, 'auth.key');
  return Buffer.from(text, auth.keyEncoding);
}
