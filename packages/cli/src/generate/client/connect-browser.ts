/** What was connected: the address of a connection, for `tenon.<integration>.connection(connection)`. */
export interface Connected {
  readonly integration: string;
  readonly connection: string;
}

export interface OpenConnectOptions {
  /**
   * The `url` of a connect session. A promise may be given, so that the session can be created after the click: the
   * window opens at once, as browsers ask for, and goes there as soon as the address is known.
   */
  readonly url?: string | PromiseLike<string> | undefined;
  /** Instead of `url`: the session's `token` and the address of the server. */
  readonly token?: string | undefined;
  readonly server?: string | undefined;
  /**
   * `popup` (default) opens a window of its own. `redirect` leaves the page: the promise stays open, and the session's
   * `returnUrl` is loaded with `integration` and `connection` in its query.
   */
  readonly mode?: 'popup' | 'redirect' | undefined;
  /** Closes the window; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Why nothing was connected. */
export class ConnectError extends Error {
  override readonly name: string = 'ConnectError';
  /** `popup_blocked`: offer a link, or call from a click. `closed`: the customer went away before the end. */
  readonly code: 'popup_blocked' | 'closed';

  constructor(code: 'popup_blocked' | 'closed', message: string) {
    super(message);
    this.code = code;
  }
}

/** As much of a browser as this file needs, so that it compiles in projects without the DOM's types. */
interface BrowserWindow {
  readonly closed: boolean;
  readonly location: { href: string };
  readonly screenX: number;
  readonly screenY: number;
  readonly outerWidth: number;
  readonly outerHeight: number;
  open(url: string, target: string, features: string): BrowserWindow | null;
  close(): void;
  focus(): void;
  setInterval(run: () => void, ms: number): number;
  clearInterval(timer: number): void;
  addEventListener(type: 'message', listener: (event: MessageLike) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageLike) => void): void;
}

interface MessageLike {
  readonly origin: string;
  readonly data: unknown;
}

const width = 520;
const height = 760;
/** A window tells nobody that it was closed. */
const lookEveryMs = 300;

/**
 * Opens the hosted page on which a customer connects an account, and resolves when that is done. Call it in the handler
 * of a click; anywhere else browsers block the window. The app's origin must be in `connect.allowedOrigins` of
 * tenon.config.ts. What the browser says is for showing: what is connected, the app's server asks the API.
 * @throws ConnectError when the window was blocked, or closed before the end
 */
export function openConnect(options: OpenConnectOptions): Promise<Connected> {
  const browser = globalThis as unknown as BrowserWindow;
  const address = addressOf(options);
  if (options.mode === 'redirect') return leavePage(browser, address, options.signal);
  if (options.signal?.aborted) return Promise.reject(options.signal.reason as Error);
  // Before anything is waited for: only a window that opens in the handler of a click is not blocked.
  const popup = openPopup(browser);
  if (popup === null) {
    return Promise.reject(new ConnectError('popup_blocked', 'The browser did not open a window for connecting.'));
  }
  return waitForResult({ browser, popup, address, signal: options.signal });
}

function addressOf({ url, token, server }: OpenConnectOptions): string | PromiseLike<string> {
  if (url !== undefined) return url;
  if (token === undefined || server === undefined) {
    throw new TypeError('openConnect needs the url of a connect session, or its token and the address of the server.');
  }
  return `${server.replace(/\/+$/, '')}/connect#session=${encodeURIComponent(token)}`;
}

async function leavePage(
  browser: BrowserWindow,
  address: string | PromiseLike<string>,
  signal: AbortSignal | undefined,
): Promise<Connected> {
  const url = await address;
  signal?.throwIfAborted();
  browser.location.href = url;
  // The page goes away; whatever waits for this goes with it.
  return new Promise(() => {});
}

function openPopup(browser: BrowserWindow): BrowserWindow | null {
  const left = Math.round(browser.screenX + Math.max(0, (browser.outerWidth - width) / 2));
  const top = Math.round(browser.screenY + Math.max(0, (browser.outerHeight - height) / 2));
  const features = `popup=yes,width=${width},height=${height},left=${left},top=${top}`;
  const popup = browser.open('about:blank', 'tenon-connect', features);
  if (popup === null || popup.closed) return null;
  popup.focus();
  return popup;
}

function waitForResult(parts: {
  readonly browser: BrowserWindow;
  readonly popup: BrowserWindow;
  readonly address: string | PromiseLike<string>;
  readonly signal: AbortSignal | undefined;
}): Promise<Connected> {
  const { browser, popup, address, signal } = parts;
  return new Promise((resolve, reject) => {
    let origin: string | undefined;
    const settle = (): void => {
      browser.clearInterval(timer);
      browser.removeEventListener('message', hear);
      signal?.removeEventListener('abort', abort);
    };
    const giveUp = (reason: unknown): void => {
      settle();
      popup.close();
      reject(reason as Error);
    };
    const closed = (): void =>
      giveUp(new ConnectError('closed', 'The window was closed before an account was connected.'));
    const abort = (): void => giveUp(signal?.reason);
    const hear = (event: MessageLike): void => {
      // Any page may send messages; only those of the server count.
      if (origin === undefined || event.origin !== origin) return;
      const message = event.data as { readonly [key: string]: unknown } | null;
      const type = message?.['type'];
      const integration = message?.['integration'];
      const connection = message?.['connection'];
      if (type === 'tenon:closed') closed();
      if (type !== 'tenon:connected' || typeof integration !== 'string' || typeof connection !== 'string') return;
      settle();
      // The window shows that it worked, and then closes by itself.
      resolve({ integration, connection });
    };
    const timer = browser.setInterval(() => {
      if (popup.closed) closed();
    }, lookEveryMs);
    browser.addEventListener('message', hear);
    signal?.addEventListener('abort', abort, { once: true });
    const go = async (): Promise<void> => {
      const url = await address;
      origin = new URL(url).origin;
      if (!popup.closed) popup.location.href = url;
    };
    go().catch(giveUp);
  });
}
