interface Cookie {
  readonly value: string;
  readonly path: string;
}

/**
 * A customer who follows the link of a connect session: the hosted page's own calls, then the sandbox's consent page,
 * then the way back.
 */
export async function consentInBrowser(
  link: string,
  options: { integration: string; config: Record<string, string>; decision: 'allow' | 'deny' },
): Promise<void> {
  const { origin, hash } = new URL(link);
  const { visit } = createBrowser();
  const started = await visit(`${origin}/v1/connect/attempts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${hash.slice('#session='.length)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ integration: options.integration, config: options.config }),
  });
  if (!started.ok) throw new Error(`The attempt was refused: ${await started.text()}`);
  const attempt = (await started.json()) as { url: string };
  const page = await visit(attempt.url);
  const text = await page.text();
  if (!text.includes('value="allow"')) throw new Error(`There is no consent page: ${text}`);
  const end = await visit(page.url, { method: 'POST', body: new URLSearchParams({ decision: options.decision }) });
  await end.text();
}

/** Follows redirects and keeps cookies by path, for hosts of this machine. */
function createBrowser() {
  const jar = new Map<string, Cookie>();
  async function visit(url: string, init: RequestInit = {}): Promise<Response> {
    const { pathname } = new URL(url);
    const headers = new Headers(init.headers);
    const sent = [...jar].filter(([, { path }]) => pathname.startsWith(path));
    headers.set('cookie', sent.map(([name, { value }]) => `${name}=${value}`).join('; '));
    const response = await fetch(url, { ...init, redirect: 'manual', headers });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      const path = /;\s*path=([^;]+)/i.exec(line)?.[1] ?? '/';
      if (value === '') jar.delete(name);
      else jar.set(name, { value, path });
    }
    const location = response.headers.get('location');
    return location === null ? response : visit(new URL(location, url).href);
  }
  return { visit };
}
