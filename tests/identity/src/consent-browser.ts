/** How the customer behaves at the provider. */
export interface ConsentOptions {
  /** Who signs in. Default: customer-1. */
  readonly account?: string;
  /** Whether the customer refuses instead. */
  readonly deny?: boolean;
}

/** The provider showed something else than a sign-in, a consent or the way back. */
export class ConsentError extends Error {
  constructor(
    readonly status: number,
    readonly page: string,
  ) {
    super(`The provider answered the browser with ${status}: ${page.slice(0, 500)}`);
    this.name = 'ConsentError';
  }
}

const maxSteps = 20;

interface Step {
  readonly url: string;
  readonly form?: URLSearchParams;
}

/** Cookies of one visit, by name: all of the provider's own paths, as its host is the only one that is visited. */
function createCookieJar(): { header(): string; keep(answer: Response): void } {
  const cookies = new Map<string, string>();
  return {
    header: () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    keep(answer) {
      for (const line of answer.headers.getSetCookie()) {
        const pair = line.split(';')[0] ?? '';
        const name = pair.slice(0, pair.indexOf('='));
        const value = pair.slice(name.length + 1);
        if (value === '') cookies.delete(name);
        else cookies.set(name, value);
      }
    },
  };
}

function readStep(page: string, { account = 'customer-1', deny = false }: ConsentOptions): Step | undefined {
  const abort = /href="([^"]+\/abort)"/.exec(page)?.[1];
  if (deny && abort !== undefined) return { url: abort };
  const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1];
  const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
  if (action === undefined || prompt === undefined) return undefined;
  const form = new URLSearchParams({ prompt });
  if (prompt === 'login') {
    form.set('login', account);
    form.set('password', 'any');
  }
  return { url: action, form };
}

/**
 * Goes to an authorization URL as a browser does: keeps cookies, follows redirects within the provider, signs in and
 * consents in its forms.
 * @returns the parameters of the redirect that leaves the provider, which is not followed
 * @throws ConsentError when the provider shows an error page
 */
export async function consentInBrowser(
  authorizationUrl: string,
  options: ConsentOptions = {},
): Promise<Record<string, string>> {
  const home = new URL(authorizationUrl).origin;
  const jar = createCookieJar();
  let step: Step = { url: authorizationUrl };
  for (let steps = 0; steps < maxSteps; steps += 1) {
    const answer: Response = await fetch(step.url, {
      redirect: 'manual',
      headers: { cookie: jar.header() },
      ...(step.form && { method: 'POST', body: step.form }),
    });
    jar.keep(answer);
    const page = await answer.text();
    const location = answer.headers.get('location');
    if (location !== null) {
      const target = new URL(location, step.url);
      if (target.origin !== home) return Object.fromEntries(target.searchParams);
      step = { url: target.href };
      continue;
    }
    const next = answer.status === 200 ? readStep(page, options) : undefined;
    if (!next) throw new ConsentError(answer.status, page);
    step = { ...next, url: new URL(next.url, step.url).href };
  }
  throw new Error(`The provider sent the browser round for more than ${maxSteps} steps.`);
}
