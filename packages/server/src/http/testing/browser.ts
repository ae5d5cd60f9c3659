/** A client that keeps cookies by path, as far as one server needs it; redirects are not followed. */
export interface Browser {
  fetch(url: string, init?: RequestInit): Promise<Response>;
  /** As the server set them. */
  readonly cookies: readonly { readonly name: string; readonly attributes: string }[];
}

export function createBrowser(): Browser {
  const jar = new Map<string, { value: string; path: string; attributes: string }>();
  return {
    async fetch(url, init = {}) {
      const { pathname } = new URL(url);
      const headers = new Headers(init.headers);
      const sent = [...jar].filter(([, { path }]) => pathname.startsWith(path));
      if (sent.length > 0) headers.set('cookie', sent.map(([name, { value }]) => `${name}=${value}`).join('; '));
      const response = await fetch(url, { redirect: 'manual', ...init, headers });
      for (const cookie of response.headers.getSetCookie()) {
        const [pair = '', ...attributes] = cookie.split('; ');
        const [name = '', value = ''] = pair.split('=');
        const path = attributes.find((one) => one.startsWith('Path='))?.slice('Path='.length) ?? '/';
        jar.set(name, { value, path, attributes: attributes.join('; ') });
      }
      return response;
    },
    get cookies() {
      return [...jar].map(([name, { attributes }]) => ({ name, attributes }));
    },
  };
}
