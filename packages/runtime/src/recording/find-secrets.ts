import { redacted } from '../request/redact.ts';
import { isSecretField } from './secret-fields.ts';

export interface FoundSecret {
  /** Where it is, such as `$.exchanges[0].response.body.token`. Never what it is. */
  readonly path: string;
  /** What it looks like. */
  readonly kind: string;
}

/** The forms of secrets that their makers publish, so that they can be found where they should not be. */
const kinds: ReadonlyArray<readonly [kind: string, pattern: RegExp]> = [
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['a JSON Web Token', /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{40,})/],
  ['a GitLab token', /\bglpat-[\w-]{20,}/],
  ['a Slack token', /\bxox[abeoprs]-[\w-]{10,}|\bxapp-\d-[\w-]{10,}/],
  ['a Slack webhook address', /hooks\.slack\.com\/services\/T\w+\/B\w+\/\w+/],
  ['a Stripe key', /\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}|\bwhsec_[A-Za-z0-9+/]{24,}/],
  ['an AWS access key', /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ['a Google API key', /\bAIza[\w-]{35}/],
  ['a Google access token', /\bya29\.[\w-]{20,}/],
  ['a Google client secret', /\bGOCSPX-[\w-]{20,}/],
  ['a Shopify token', /\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}/],
  ['a SendGrid key', /\bSG\.[\w-]{20,}\.[\w-]{40,}/],
  ['an OpenAI or Anthropic key', /\bsk-(?:ant-|proj-)?[\w-]{32,}/],
  ['a Notion token', /\b(?:secret_[A-Za-z0-9]{43}|ntn_[A-Za-z0-9]{40,})/],
  ['a Linear key', /\blin_(?:api|oauth)_[A-Za-z0-9]{32,}/],
  ['a HubSpot token', /\bpat-(?:na|eu)\d-[0-9a-f-]{36}/],
  ['an Airtable token', /\bpat[A-Za-z0-9]{14}\.[0-9a-f]{64}/],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}/],
  ['a Tenon key', /\btenon_[a-z]*_?[A-Za-z0-9]{32,}/],
  ['a password in an address', /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:[^\s/:@[\]]{3,}@/i],
  ['an Authorization header', /\b(?:Bearer|Basic)\s+(?!\[redacted\])[A-Za-z0-9._~+/=-]{16,}/],
];

/**
 * Looks through the whole of a value of JSON, keys included, for what must not be written to a project: known forms of
 * secrets, fields that hold secrets, and the given values.
 * @param options `secrets`: values that are secret for sure; `allowed`: paths that somebody looked at
 */
export function findSecrets(
  value: unknown,
  { secrets = [], allowed = [] }: { secrets?: readonly string[]; allowed?: readonly string[] } = {},
): FoundSecret[] {
  const known = secrets.filter((secret) => secret.length >= 8);
  const found: FoundSecret[] = [];
  const report = (path: string, kind: string): void => {
    if (!allowed.includes(path)) found.push({ path, kind });
  };
  const inspectText = (text: string, path: string): void => {
    const kind = known.some((secret) => text.includes(secret))
      ? 'a credential of the connection'
      : kinds.find(([, pattern]) => pattern.test(text))?.[0];
    if (kind !== undefined) report(path, kind);
  };
  const visit = (inner: unknown, path: string): void => {
    if (typeof inner === 'string') inspectText(inner, path);
    else if (Array.isArray(inner)) inner.forEach((item, index) => visit(item, `${path}[${index}]`));
    else if (typeof inner === 'object' && inner !== null) {
      Object.entries(inner).forEach(([name, field], index) => {
        const isNameSecret = kinds.some(([, pattern]) => pattern.test(name));
        const place = isNameSecret ? `${path}.(name ${index + 1})` : `${path}${toStep(name)}`;
        if (isNameSecret) report(place, 'a secret as the name of a field');
        if (isSecretField(name, field) && field !== redacted) report(place, `a field named ${name}`);
        else visit(field, place);
      });
    }
  };
  visit(value, '$');
  return found;
}

function toStep(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
