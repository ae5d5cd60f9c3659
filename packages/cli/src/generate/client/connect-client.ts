import type { CallOptions, Transport } from './transport.ts';

/** A customer of the app: who connects. */
export interface EndUser {
  readonly id: string;
  readonly email?: string | undefined;
  readonly displayName?: string | undefined;
  readonly organization?: { readonly id: string; readonly displayName?: string | undefined } | undefined;
}

/** What is decided for the customer before the page opens. */
export interface ConnectDefaults {
  /** Not asked for any more. */
  readonly config?: { readonly [name: string]: string } | undefined;
  readonly settings?: { readonly [name: string]: unknown } | undefined;
  readonly metadata?: { readonly [name: string]: unknown } | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly authorizationParameters?: { readonly [name: string]: string } | undefined;
}

export interface NewConnectSession<Integration extends string = string> {
  readonly endUser: EndUser;
  /** What may be connected. Default: every integration. */
  readonly integrations?: readonly Integration[] | undefined;
  /** Name of the connection that is made. Default: the end user's id. */
  readonly connection?: string | undefined;
  /** Renews the authorisation of this connection, which keeps its records; nothing else can be connected. */
  readonly reconnect?: { readonly integration: Integration; readonly connection: string } | undefined;
  readonly defaults?: { readonly [Name in Integration]?: ConnectDefaults } | undefined;
  /** 60 to 86,400. Default 1,800. */
  readonly expiresInSeconds?: number | undefined;
  /** Where the full page goes at the end; its origin must be allowed in tenon.config.ts. */
  readonly returnUrl?: string | undefined;
  /** BCP 47. Default: as the browser asks. */
  readonly language?: string | undefined;
}

export interface ConnectSession {
  readonly id: string;
  /** Good for this one purpose until it expires; may be given to a browser. */
  readonly token: string;
  /** The hosted page, for `openConnect` or a link. */
  readonly url: string;
  readonly expiresAt: string;
}

/** Lets customers connect their accounts on the hosted page. For the app's server: it takes the API key. */
export class ConnectClient<Integration extends string = string> {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Makes a session for one customer. Give its `url` to the browser: `openConnect` of connect.ts opens it.
   * @throws TenonApiError `not_found` for an unknown integration or connection, `origin_refused` for the returnUrl
   */
  createSession(session: NewConnectSession<Integration>, options: CallOptions = {}): Promise<ConnectSession> {
    return this.#transport.send({ ...options, method: 'POST', path: ['connect', 'sessions'], body: session });
  }
}
