import {
  askedCredentialFields,
  captureOf,
  interpolate,
  interpolateUrl,
  listIntegrationFields,
  type Provider,
} from '@tenon/runtime/provider';
import { describe, expect, it } from 'vitest';
import { listProviders, openTemplate } from './harness.ts';
import { listUrls } from './list-urls.ts';
import { sampleOf, sampleValues } from './sample-values.ts';

const names = listProviders();
/** The sandbox runs on the developer's machine. */
const isSandbox = (name: string) => name.startsWith('sandbox');

/** Everything that a person or a provider fills in, by the name that templates use. */
function listFields(provider: Provider) {
  return [
    ...Object.entries(provider.connection),
    ...Object.entries(askedCredentialFields(provider.auth)),
    ...Object.entries(listIntegrationFields(provider)),
  ];
}

/** A developer has to register something with the vendor before customers can connect. */
function needsApp({ auth, integration }: Provider): boolean {
  if (Object.keys(integration).length > 0) return true;
  switch (auth.mode) {
    case 'oauth2':
    case 'app':
      return true;
    case 'oauth1':
      return auth.authorizationUrl !== undefined;
    case 'oauth2_client_credentials':
      return auth.client === 'integration';
    default:
      return false;
  }
}

/** Documentation is often on a host that many vendors share; there the whole host says whose it is. */
const sharedHosts = /\.(readme\.io|github\.io|gitbook\.io|stoplight\.io|apiary\.io|zendesk\.com|postman\.com)$/;

/** Vendors whose code is under another name than their product. */
const otherOwners: Readonly<Record<string, string>> = {
  quickbooks: 'github.com/intuit',
  todoist: 'github.com/Doist',
};

function ownerOf(address: string): string {
  const { hostname, pathname } = new URL(address);
  if (hostname === 'github.com' || hostname === 'raw.githubusercontent.com') {
    return `${hostname}/${pathname.split('/')[1] ?? ''}`;
  }
  if (sharedHosts.test(hostname)) return hostname;
  return hostname
    .split('.')
    .slice(/\.(co|com)\.[a-z]{2}$/.test(hostname) ? -3 : -2)
    .join('.');
}

/**
 * Values that may not stand for the API's address.
 * @param captured what the vendor itself would say; then no other host may, while a self-hosted API can be anywhere
 */
function badAddresses(captured: string | undefined): string[] {
  const always = ['http://evil.example', 'evil.example', 'file:///etc/passwd', 'https://a@evil.example/'];
  if (captured === undefined) return always;
  const host = captured.replace('https://', '');
  return [
    ...always,
    'https://evil.example',
    `https://evil.example/${host}`,
    ...['.', '@', '#', '?'].map((mark) => `${captured}${mark}evil.example`),
  ];
}

describe.each(names)('the provider %s', (name) => {
  const { provider } = openTemplate(name);

  it('has the name of its folder and a category', () => {
    expect(provider.name).toBe(name);
    expect(provider.categories).not.toEqual([]);
    expect(provider.categories).toEqual([...new Set(provider.categories)]);
  });

  it('tells the customer what to do', () => {
    if (!isSandbox(name)) expect(provider.connectHelp).toMatch(/\.$/);
  });

  it("takes its facts from the vendor's own pages, or from a standard", () => {
    const { docs, setup, sources } = provider;
    const urls = listUrls(provider).map(({ template }) => interpolateUrl(template, sampleValues(provider)));
    const vendor = new Set([docs, ...(setup ? [setup.url] : []), ...urls].map(ownerOf));
    const word = provider.name.split('-')[0] ?? '';
    for (const source of sources) {
      const owner = ownerOf(source);
      const isVendors = vendor.has(owner) || owner.toLowerCase().includes(word) || owner === otherOwners[name];
      expect(isVendors || /(rfc-editor|ietf)\.org$/.test(owner), source).toBe(true);
    }
    expect(new Set(sources).size).toBe(sources.length);
  });

  it('can tell whether credentials work', () => {
    if (provider.auth.mode !== 'none') expect(provider.verification).toBeDefined();
  });

  it('shows what is secret as secret, and keeps it out of what is stored in the open', () => {
    const isSecretName = (field: string) => /(key|token|secret|password|passphrase|pem)$/i.test(field);
    for (const [field, { secret }] of [
      ...Object.entries(askedCredentialFields(provider.auth)),
      ...Object.entries(listIntegrationFields(provider)),
    ]) {
      if (isSecretName(field) && field !== 'publicKey') expect(secret, field).toBe(true);
    }
    for (const [field, { secret }] of Object.entries(provider.connection)) {
      expect(secret || isSecretName(field), field).toBe(false);
    }
  });

  it('asks for values whose examples fit its own patterns', () => {
    const captures = Object.entries(captureOf(provider.auth));
    for (const [field, { pattern, example, options, default: initial }] of listFields(provider)) {
      if (options && initial !== undefined)
        expect(
          options.map(({ value }) => value),
          field,
        ).toContain(initial);
      if (pattern === undefined) continue;
      // Patterns hold for the whole value: an anchor in one alternative would be read as holding for all.
      expect(pattern, field).not.toMatch(/^\^|[^\\]\$$/);
      const whole = new RegExp(`^(?:${pattern})$`, 'u');
      if (initial !== undefined) expect(initial, field).toMatch(whole);
      // An example that ends in dots is cut short.
      if (example !== undefined && !example.endsWith('...')) expect(example, field).toMatch(whole);
      expect(whole.test(''), `${field} may be empty`).toBe(false);
    }
    for (const [field, { pattern, example }] of captures) {
      if (pattern !== undefined) expect(example ?? '', field).toMatch(new RegExp(`^(?:${pattern})$`, 'u'));
    }
  });

  it('lets nobody lead requests to another host', () => {
    const captured = captureOf(provider.auth);
    for (const { path, template } of listUrls(provider)) {
      const host = /^(?:[a-z]+:\/\/[^/?#]*|\$\{[^}]*\})/.exec(template)?.[0] ?? '';
      for (const [, field = ''] of host.matchAll(/\$\{connection\.([A-Za-z0-9]+)\}/g)) {
        const asked = provider.connection[field];
        if (asked?.options) continue;
        const pattern = (asked ?? captured[field])?.pattern;
        expect(pattern, `${field} in ${path}`).toBeDefined();
        const whole = new RegExp(`^(?:${pattern ?? ''})$`, 'u');
        const bad = template.startsWith('${') ? badAddresses(captured[field]?.example) : ['a/', 'a@b', 'a?', 'a#b'];
        for (const value of isSandbox(name) ? [] : bad) expect(whole.test(value), `${field}: ${value}`).toBe(false);
      }
    }
  });

  it('has the customer prove that an installation is theirs, since anybody can write the redirect', () => {
    if (provider.auth.mode !== 'app') return;
    const isFromRedirect = Object.values(provider.auth.capture).some(({ from }) => from === 'callback');
    if (isFromRedirect) expect(provider.auth.ownership).toBeDefined();
  });

  it('asks for each scope once', () => {
    const scopes = 'scopes' in provider.auth ? provider.auth.scopes : [];
    expect(scopes).toEqual([...new Set(scopes)]);
  });

  it('says where the developer registers an app, if one is needed', () => {
    if (needsApp(provider)) expect(provider.setup?.url).toBeDefined();
  });

  it('makes valid addresses and headers of made-up values', () => {
    const values = sampleValues(provider);
    for (const { path, template } of listUrls(provider)) {
      const url = interpolateUrl(template, values);
      expect(URL.canParse(url), `${path}: ${url}`).toBe(true);
      expect(new URL(url).protocol, path).toBe(isSandbox(name) ? 'http:' : 'https:');
      expect(new URL(url).hash, path).toBe('');
    }
    const headers = Object.entries(provider.headers).map(([key, text]): [string, string] => [
      key,
      interpolate(text, values),
    ]);
    expect([...new Headers(headers)]).toHaveLength(headers.length);
    for (const text of Object.values(provider.query)) expect(interpolate(text, values)).not.toBe('');
  });

  it("lets only the app say whose account it is, where the credentials are the developer's own", () => {
    const { auth, connection } = provider;
    const obtains = auth.mode === 'oauth2_client_credentials' ? auth.client === 'integration' : false;
    const signs = auth.mode === 'oauth2_jwt_bearer' || auth.mode === 'jwt' || auth.mode === 'aws_sigv4';
    const own = obtains || (signs && /"(key|accessKeyId)":"\$\{integration\./.test(JSON.stringify(auth)));
    if (own) expect(Object.values(connection).some(({ setBy }) => setBy === 'app')).toBe(true);
  });

  it('sends secrets as the customer gave them', () => {
    // A made-up secret in an address of the API would end up in logs of proxies; only token requests may need it.
    for (const { path, template } of listUrls(provider)) {
      if (path === 'baseUrl' || path === 'verification') expect(template, path).not.toContain('${credential.');
    }
    for (const [, field] of listFields(provider)) expect(sampleOf(field)).not.toBe('');
  });
});

it('has no two providers of the same display name', () => {
  const displayed = names.map((name) => openTemplate(name).provider.displayName.toLowerCase());
  expect([...new Set(displayed)]).toEqual(displayed);
});
