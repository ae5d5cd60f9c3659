import { captureOf } from './capture-of.ts';
import { listPlaceholders } from './interpolate.ts';
import { listIntegrationFields } from './list-integration-fields.ts';
import { matchesPattern } from './matches-pattern.ts';
import type { Provider } from './provider-schema.ts';
import type { TemplateProblem } from './template-problem.ts';

interface Destination {
  readonly path: PropertyKey[];
  /** Of the address. */
  readonly template: string | undefined;
}

/** Somebody else's: a person who may name one of these may name a server of their own. */
const foreignHosts = [
  'elsewhere.example',
  'www.elsewhere.example',
  'elsewhere.example:8443',
  'elsewhere.com',
  '203.0.113.7',
];

/** What stands in the host of an address, and what of the host comes after it. */
const hostPlaceholder = /^(?:https?:\/\/[^/?#]*)?\$\{\s*connection\.([A-Za-z0-9]+)\s*\}([^/?#]*)/;

/** Whether a person can have this address be a server of their own, and by which field. */
function findChosenHost({ connection, auth }: Provider, template: string): string | undefined {
  const [whole = '', field = '', rest = ''] = hostPlaceholder.exec(template) ?? [];
  // Below a domain that the file names, such as `.example.com`, every host is the vendor's.
  if (whole === '' || rest.split('.').filter(Boolean).length > 1) return undefined;
  const captured = captureOf(auth)[field];
  // What a provider's own answer tells is not the customer's to choose; a redirect's parameters are.
  if (captured && captured.from !== 'callback') return undefined;
  const { options, pattern } = connection[field] ?? { pattern: captured?.pattern };
  if (options) return undefined;
  const scheme = template.startsWith('${') ? 'https://' : '';
  return foreignHosts.some((host) => matchesPattern(scheme + host, { pattern })) ? field : undefined;
}

/** Where the developer's secrets are sent. Signatures that hold for one address only give nothing away. */
function listDestinations(provider: Provider): Destination[] {
  const { auth, baseUrl, headers, query, verification } = provider;
  const fields = Object.entries(listIntegrationFields(provider));
  const secrets = new Set(fields.flatMap(([name, { secret }]) => (secret ? [name] : [])));
  const namesSecret = (part: unknown): boolean =>
    listPlaceholders(JSON.stringify(part)).some(
      ({ reference }) => reference?.namespace === 'integration' && secrets.has(reference.field),
    );
  const at = (name: string, template: string | undefined): Destination => ({ path: ['auth', name], template });
  const requests = [
    { path: ['baseUrl'], template: baseUrl },
    { path: ['verification', 'baseUrl'], template: verification?.baseUrl },
  ];
  const ofRequests = namesSecret([headers, query]) ? requests : [];
  switch (auth.mode) {
    case 'oauth2':
      if (auth.clientAuthentication === 'none') return ofRequests;
      return [
        ...ofRequests,
        at('tokenUrl', auth.tokenUrl),
        at('refreshUrl', auth.refreshUrl),
        at('revocationUrl', auth.revocationUrl),
      ];
    case 'oauth2_client_credentials':
      if (auth.client !== 'integration') return ofRequests;
      return [...ofRequests, at('tokenUrl', auth.tokenUrl), at('revocationUrl', auth.revocationUrl)];
    case 'oauth2_jwt_bearer':
      return namesSecret([auth.assertion, auth.tokenParameters]) || auth.clientAuthentication !== 'none'
        ? [...ofRequests, at('tokenUrl', auth.tokenUrl)]
        : ofRequests;
    case 'app':
      return [
        ...ofRequests,
        at('tokenUrl', auth.tokenUrl),
        { path: ['auth', 'ownership', 'tokenUrl'], template: auth.ownership?.tokenUrl },
      ];
    case 'oauth1':
      return auth.signatureMethod === 'PLAINTEXT'
        ? [...requests, at('requestTokenUrl', auth.requestTokenUrl), at('accessTokenUrl', auth.accessTokenUrl)]
        : ofRequests;
    case 'mcp_oauth':
      return secrets.has('clientSecret') ? [...ofRequests, at('resourceUrl', auth.resourceUrl)] : ofRequests;
    case 'token_exchange':
      return [
        ...ofRequests,
        ...auth.steps.flatMap((step, index) =>
          namesSecret(step) ? [{ path: ['auth', 'steps', index, 'url'], template: step.url }] : [],
        ),
      ];
    default:
      return ofRequests;
  }
}

/**
 * Addresses that get a secret of the developer and whose host a customer chooses: whoever enters a server of their own
 * there is sent the client secret of everybody's app. Such an address is the integration's.
 */
export function findExposedSecrets(provider: Provider): TemplateProblem[] {
  return listDestinations(provider).flatMap(({ path, template = '' }) => {
    const field = findChosenHost(provider, template);
    if (field === undefined) return [];
    const expected = `no host that a customer chooses, since the integration's secret is sent there (declare ${field} under integration, or give it a pattern that holds the vendor's hosts only)`;
    return [{ path, expected, got: template }];
  });
}
