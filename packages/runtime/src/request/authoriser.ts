import { interpolate } from '../provider/interpolate.ts';
import type { ActiveCredential } from '../provider/credential.ts';
import type { Provider } from '../provider/provider-schema.ts';

/** What one credential adds to every request. */
export interface Authorisation {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

export interface Authoriser {
  /** For the credential as it is now. */
  current(): Authorisation;
  /**
   * Called when the provider refused `refused`. Concurrent calls share one renewal.
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

function addModeHeader(headers: Record<string, string>, credential: ActiveCredential): void {
  if (headers['authorization'] !== undefined) return;
  if (credential.mode === 'basic') headers['authorization'] = `Basic ${encodeBasic(credential.fields)}`;
  const { accessToken } = credential.fields;
  // RFC 6750 section 2.1, unless the provider wants the token elsewhere.
  if (credential.mode === 'oauth2_client_credentials' && accessToken !== undefined) {
    headers['authorization'] = `Bearer ${accessToken}`;
  }
}

/** Makes what requests carry from the provider's templates and the connection's credential; kept until that changes. */
export function createAuthoriser(options: AuthoriserOptions): Authoriser {
  const { provider, config, integration = {} } = options;
  const secrets = new Set<string>();
  let given: ActiveCredential | undefined;
  let authorisation: Authorisation | undefined;
  let renewal: Promise<void> | undefined;

  function authorise(credential: ActiveCredential): Authorisation {
    for (const secret of Object.values(credential.fields)) secrets.add(secret);
    if (credential.mode === 'basic') secrets.add(encodeBasic(credential.fields));
    const values = { connection: config, credential: credential.fields, integration };
    const headers: Record<string, string> = {};
    const query: Record<string, string> = {};
    for (const [name, template] of Object.entries(provider.headers)) headers[name] = interpolate(template, values);
    for (const [name, template] of Object.entries(provider.query)) query[name] = interpolate(template, values);
    addModeHeader(headers, credential);
    return { headers, query };
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
