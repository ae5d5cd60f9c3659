/** What a scope is about, as far as its name tells. */
export type ScopeKind = 'identity' | 'read' | 'write' | 'delete' | 'manage' | 'other' | 'offline';

export interface DescribedScopes {
  readonly kind: ScopeKind;
  /** What it applies to, such as "calendar events"; empty for kinds that say it all. */
  readonly subjects: readonly string[];
}

const wholeNames: Readonly<Record<string, ScopeKind>> = {
  openid: 'identity',
  profile: 'identity',
  email: 'identity',
  offline_access: 'offline',
  refresh_token: 'offline',
};

/** Words of permission, as vendors use them; the strongest that a name has wins. */
const words: readonly (readonly [ScopeKind, ReadonlySet<string>])[] = [
  ['manage', new Set(['admin', 'manage', 'full', 'all', 'owner', 'readwrite'])],
  ['delete', new Set(['delete', 'remove', 'destroy'])],
  ['write', new Set(['write', 'create', 'update', 'edit', 'modify', 'send', 'post', 'add', 'compose', 'insert'])],
  ['read', new Set(['read', 'readonly', 'view', 'list', 'get', 'history', 'metadata'])],
];
const order: readonly ScopeKind[] = ['identity', 'read', 'write', 'delete', 'manage', 'other', 'offline'];

/** Groups technical scope names by what they allow, for people; nothing is left out, and nothing is made up. */
export function describeScopes(scopes: readonly string[]): DescribedScopes[] {
  const subjectsByKind = new Map<ScopeKind, Set<string>>();
  for (const scope of scopes) {
    const { kind, subject } = describeScope(scope);
    const subjects = subjectsByKind.get(kind) ?? new Set();
    if (subject !== '') subjects.add(subject);
    subjectsByKind.set(kind, subjects);
  }
  return order.flatMap((kind) => {
    const subjects = subjectsByKind.get(kind);
    return subjects ? [{ kind, subjects: [...subjects] }] : [];
  });
}

function describeScope(scope: string): { kind: ScopeKind; subject: string } {
  const whole = wholeNames[scope.toLowerCase()];
  if (whole) return { kind: whole, subject: '' };
  const parts = nameOf(scope)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  const kind = words.find(([, names]) => parts.some((part) => names.has(part)))?.[0] ?? 'other';
  const isPermission = (part: string): boolean => words.some(([, names]) => names.has(part));
  const subject = parts.filter((part) => !isPermission(part)).join(' ');
  // A name that is nothing but permission ("read", "write_all") says most as it is.
  return { kind, subject: subject === '' ? parts.join(' ') : subject };
}

/** Scopes that are addresses (Google, Microsoft) say what they are about in their path. */
function nameOf(scope: string): string {
  if (!/^https?:\/\//.test(scope) || !URL.canParse(scope)) return scope;
  const { hostname, pathname } = new URL(scope);
  return pathname.replace(/^\/(auth\/)?/, '').replace(/\/$/, '') || hostname;
}
