import type { ActiveCredential } from '../provider/credential.ts';
import { interpolateAll } from '../provider/interpolate.ts';
import { listIntegrationSecrets } from '../provider/list-integration-secrets.ts';
import type { Provider } from '../provider/provider-schema.ts';
import { createRequestSigner } from './signing/create-request-signer.ts';
import type { RequestSigner } from './signing/request-signer.ts';

/** What one credential adds to every request. */
export interface Authorisation {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Of modes that sign each request; absent: headers and query are all there is. */
  readonly sign?: RequestSigner | undefined;
  /** Unix time in milliseconds; absent: until the provider refuses it. */
  readonly expiresAtMs?: number | undefined;
}

export interface Authoriser {
  /** For the credential as it is now. */
  current(): Authorisation;
  /**
   * Called when the provider refused `refused`, or when its time is over. Concurrent calls share one renewal.
   * @returns whether another authorisation is worth a try
   */
  renew(refused: Authorisation): Promise<boolean>;
  /** Every secret that was used so far, renewed ones too: an answer may echo an old one. */
  secrets(): readonly string[];
}

export interface AuthoriserOptions {
  readonly provider: Provider;
  readonly config: Readonly<Record<string, string>>;
  /** What the developer configured and the requests may name. */
  readonly integration?: Readonly<Record<string, string>> | undefined;
  readonly credential: () => ActiveCredential;
  readonly renewCredential?: ((signal: AbortSignal) => Promise<ActiveCredential>) | undefined;
  readonly signal: AbortSignal;
}

/** RFC 7617 section 2. */
function encodeBasic(fields: Readonly<Record<string, string>>): string {
  return Buffer.from(`${fields['username'] ?? ''}:${fields['password'] ?? ''}`).toString('base64');
}

/** Whether the token goes as RFC 6750 section 2.1 has it: where the provider's data puts it nowhere else. */
function sendsBearer({ auth, baseUrl, headers, query }: Provider): boolean {
  switch (auth.mode) {
    case 'oauth2':
    case 'oauth2_client_credentials':
    case 'oauth2_jwt_bearer':
    case 'mcp_oauth':
    case 'app':
    case 'jwt':
      break;
    case 'token_exchange':
      if (!Object.hasOwn(auth.credential, 'accessToken')) return false;
      break;
    default:
      return false;
  }
  const places = [baseUrl, ...Object.values(headers), ...Object.values(query)];
  return !places.some((template) => /\$\{\s*credential\.accessToken\s*\}/.test(template));
}

/** Makes what requests carry from the provider's templates and the connection's credential; kept until that changes. */
export function createAuthoriser(options: AuthoriserOptions): Authoriser {
  const { provider, config, integration = {} } = options;
  const secrets = new Set(listIntegrationSecrets(provider, integration));
  const bearer = sendsBearer(provider);
  let given: ActiveCredential | undefined;
  let authorisation: Authorisation | undefined;
  let renewal: Promise<void> | undefined;

  function authorise(credential: ActiveCredential): Authorisation {
    for (const secret of Object.values(credential.fields)) secrets.add(secret);
    if (credential.mode === 'basic') secrets.add(encodeBasic(credential.fields));
    const values = { connection: config, credential: credential.fields, integration };
    const headers = interpolateAll(provider.headers, values);
    const query = interpolateAll(provider.query, values);
    const { accessToken } = credential.fields;
    if (credential.mode === 'basic') headers['authorization'] ??= `Basic ${encodeBasic(credential.fields)}`;
    if (bearer && accessToken !== undefined) headers['authorization'] ??= `Bearer ${accessToken}`;
    const sign = createRequestSigner(provider.auth, values);
    return { headers, query, sign, expiresAtMs: credential.expiresAtMs };
  }

  function current(): Authorisation {
    const latest = options.credential();
    if (latest !== given || !authorisation) {
      authorisation = authorise(latest);
      given = latest;
    }
    return authorisation;
  }

  async function renewOnce(renewCredential: (signal: AbortSignal) => Promise<ActiveCredential>): Promise<void> {
    try {
      const renewed = await renewCredential(options.signal);
      authorisation = authorise(renewed);
      // The owner may or may not hand out the renewed one from now on; either way it is used.
      given = options.credential();
    } finally {
      renewal = undefined;
    }
  }

  return {
    current,
    secrets: () => [...secrets],
    async renew(refused) {
      if (current() !== refused) return true;
      if (!options.renewCredential) return false;
      renewal ??= renewOnce(options.renewCredential);
      await renewal;
      return true;
    },
  };
}
