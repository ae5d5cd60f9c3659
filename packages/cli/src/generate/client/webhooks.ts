import type { ConnectionProblem } from './connections-client.ts';

export type WebhookEventType =
  | 'connection.created'
  | 'connection.reconnected'
  | 'connection.refreshed'
  | 'connection.failed'
  | 'connection.recovered'
  | 'connection.deleted'
  | 'records.changed'
  | 'sync.failed'
  | 'sync.held'
  | 'sync.quarantined';

/** Of every event of a sync: which run it tells of. */
interface SyncRunData {
  readonly sync: string;
  readonly runId: string;
  /** Why the run began: `schedule`, `webhook`, `backfill` and so on. */
  readonly trigger: string;
}

interface WebhookEventData {
  readonly 'connection.created': object;
  readonly 'connection.reconnected': object;
  readonly 'connection.refreshed': object;
  readonly 'connection.failed': {
    /** What is wrong, and whose turn it is. */
    readonly problem?: ConnectionProblem | null;
  };
  readonly 'connection.recovered': object;
  readonly 'connection.deleted': object;
  readonly 'records.changed': SyncRunData & {
    readonly model: string;
    readonly counts: { readonly added: number; readonly updated: number; readonly deleted: number };
    /** Reading the feed of changes from here shows all that the run changed. */
    readonly after: string;
    /** Where the feed stood when the run had made its last change: a reader that is further has it already. */
    readonly cursor: string;
  };
  readonly 'sync.failed': SyncRunData & {
    readonly status: 'failed' | 'timed_out' | 'lost' | 'auth_failed';
    readonly error: { readonly code: string; readonly message: string; readonly hint?: string };
  };
  readonly 'sync.held': SyncRunData & {
    /** Deletions that wait for somebody's approval. */
    readonly held: number;
    readonly holds: readonly {
      readonly id: number;
      readonly model: string;
      readonly records: number;
      readonly live: number;
    }[];
  };
  readonly 'sync.quarantined': SyncRunData & {
    /** Records of this run that are not what their model says. */
    readonly quarantined: number;
    /** How many are in quarantine now. */
    readonly models: readonly { readonly model: string; readonly count: number }[];
  };
}

/** Something that happened to a connection or to its records. */
export interface WebhookEvent<Type extends WebhookEventType = WebhookEventType> {
  /** The same each time the event is delivered. */
  readonly id: string;
  readonly type: Type;
  /** When it happened, ISO 8601. */
  readonly timestamp: string;
  readonly environment: string;
  readonly data: {
    readonly integration: string;
    readonly connection: string;
    readonly [name: string]: unknown;
  } & WebhookEventData[Type];
}

/** Why a request is no delivery of Tenon: answer it with 401, or with 400 where it is `body_invalid`. */
export class TenonWebhookError extends Error {
  override readonly name: string = 'TenonWebhookError';
  readonly code: 'header_missing' | 'timestamp_refused' | 'signature_wrong' | 'body_invalid';

  constructor(code: TenonWebhookError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** A request that was recorded cannot be sent again after this time, in seconds. */
const toleranceSeconds = 300;

export interface WebhookVerification {
  /** The endpoint's, `whsec_...`; two while a new one replaces it. */
  readonly secret: string | readonly string[];
  /** The body as it came, before any parsing: a single changed byte breaks the signature. */
  readonly body: string;
  /** Of the request, by any spelling of their names. */
  readonly headers: Headers | { readonly [name: string]: string | readonly string[] | undefined };
  /** Unix time in milliseconds, for tests. */
  readonly now?: (() => number) | undefined;
}

/**
 * Checks that a request is a delivery of Tenon, and reads its event.
 * @throws TenonWebhookError when a header is missing, the signature is wrong, or it is older than five minutes
 */
export async function verifyWebhook(request: WebhookVerification): Promise<WebhookEvent> {
  const id = readHeader(request.headers, 'webhook-id');
  const timestamp = readHeader(request.headers, 'webhook-timestamp');
  const signatures = readHeader(request.headers, 'webhook-signature').split(' ');
  const age = Math.abs((request.now ?? Date.now)() / 1_000 - Number(timestamp));
  if (!(age <= toleranceSeconds)) {
    throw new TenonWebhookError(
      'timestamp_refused',
      'The delivery is too old, or the clocks differ by over five minutes.',
    );
  }
  const secrets = typeof request.secret === 'string' ? [request.secret] : request.secret;
  const content = new TextEncoder().encode(`${id}.${timestamp}.${request.body}`);
  for (const secret of secrets) {
    const key = await importKey(secret);
    for (const signature of signatures) {
      const [version, value = ''] = signature.split(',');
      // `verify` compares in constant time.
      if (version === 'v1' && (await crypto.subtle.verify('HMAC', key, decodeBase64(value), content))) {
        return readEvent(request.body);
      }
    }
  }
  throw new TenonWebhookError('signature_wrong', 'The signature does not fit the body and the secret.');
}

export type WebhookHandlers = {
  readonly [Type in WebhookEventType]?: (event: WebhookEvent<Type>) => void | Promise<void>;
};

/**
 * Makes a handler of the Fetch API (Next.js, Hono, Bun, Deno, Cloudflare Workers): verifies, calls what is there for the
 * event's type, and answers. A handler that throws is answered with 500, so that Tenon delivers the event again.
 */
export function createWebhookHandler(
  handlers: WebhookHandlers,
  options: { readonly secret: string | readonly string[] },
): (request: Request) => Promise<Response> {
  return async (request) => {
    let event: WebhookEvent;
    try {
      event = await verifyWebhook({ secret: options.secret, body: await request.text(), headers: request.headers });
    } catch (error) {
      if (!(error instanceof TenonWebhookError)) throw error;
      return new Response(error.message, { status: error.code === 'body_invalid' ? 400 : 401 });
    }
    try {
      // The key says which type the handler takes.
      const handle = handlers[event.type] as ((event: WebhookEvent) => void | Promise<void>) | undefined;
      await handle?.(event);
      return new Response(null, { status: 204 });
    } catch {
      return new Response('The event could not be handled.', { status: 500 });
    }
  };
}

function readHeader(headers: WebhookVerification['headers'], name: string): string {
  const value =
    headers instanceof Headers
      ? headers.get(name)
      : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  const text = typeof value === 'string' ? value : value?.[0];
  if (text !== undefined && text !== '') return text;
  throw new TenonWebhookError('header_missing', `The request has no header ${name}.`);
}

function readEvent(body: string): WebhookEvent {
  try {
    // Signed by the server, whose contract this type is.
    return JSON.parse(body) as WebhookEvent;
  } catch {
    throw new TenonWebhookError('body_invalid', 'The body is not JSON.');
  }
}

/** Without a type of its own: its name is not known wherever this file compiles. */
function importKey(secret: string) {
  const bytes = decodeBase64(secret.replace(/^whsec_/, ''));
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

/** Empty for what is no base64, which then verifies nothing. */
function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    const binary = atob(text);
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}
