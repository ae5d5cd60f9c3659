import { z } from 'zod';
import { readAnswer } from '../endpoint/read-answer.ts';
import { sendExchange } from '../endpoint/send-exchange.ts';
import type { TokenContext } from '../token-context.ts';
import { refuseMetadata } from './fetch-metadata.ts';
import { readChallenge, type Challenge } from './read-challenge.ts';

/** What an MCP server says of who authorises for it. */
export interface DiscoveredResource {
  /** As tokens are asked for: RFC 8707. */
  readonly resource: string;
  /** Its authorization server's issuer. */
  readonly authorizationServer: URL;
  /** What the server says it needs; undefined: it does not say. */
  readonly scopes?: readonly string[] | undefined;
}

const what = "resource's metadata";

/** RFC 9728 section 2, as far as it is used. */
const metadataSchema = z.object({
  resource: z.url({ protocol: /^https?$/ }),
  authorization_servers: z.array(z.url({ protocol: /^https?$/ })).optional(),
  scopes_supported: z.array(z.string()).optional(),
});
type Metadata = z.infer<typeof metadataSchema>;

/** What every MCP client sends first; a server that wants a token refuses it. */
const firstMessage = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'tenon', version: '1' } },
});

async function askForChallenge(context: TokenContext, url: URL): Promise<Challenge> {
  const { outcome } = await sendExchange(context, {
    endpoint: 'MCP server',
    // A server that wants no token may answer with a stream that does not end; once is enough to know.
    repeat: 'unsafe',
    secrets: [],
    build: () => ({
      method: 'POST',
      url,
      headers: { accept: 'application/json, text/event-stream', 'content-type': 'application/json' },
      body: firstMessage,
    }),
  });
  return outcome.status === 401 ? readChallenge(outcome.headers['www-authenticate']) : {};
}

/** RFC 9728 section 3.1: the well-known part goes between host and path; MCP servers also have it at the root. */
function listMetadataUrls(url: URL, challenge: Challenge): URL[] {
  const named = challenge.resourceMetadata;
  if (named !== undefined && URL.canParse(named, url.href)) return [new URL(named, url)];
  const path = url.pathname === '/' ? '' : url.pathname.replace(/\/$/, '');
  const paths = new Set([`/.well-known/oauth-protected-resource${path}`, '/.well-known/oauth-protected-resource']);
  return [...paths].map((one) => new URL(one, url.origin));
}

async function fetchMetadata(context: TokenContext, url: URL): Promise<Metadata | undefined> {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw refuseMetadata(context, what, 'its address is no http(s) address');
  }
  const { outcome } = await sendExchange(context, {
    endpoint: what,
    repeat: 'safe',
    secrets: [],
    build: () => ({ method: 'GET', url, headers: {}, body: null }),
  });
  const read = readAnswer(outcome.body, outcome.headers['content-type']);
  // Nothing here; or a site that answers every address with its page.
  if (outcome.status >= 400 || read.kind !== 'values') return undefined;
  const parsed = metadataSchema.safeParse(read.values);
  if (parsed.success) return parsed.data;
  throw refuseMetadata(context, what, 'it has not the form of RFC 9728 section 2');
}

/**
 * A server may publish for the whole of its origin or for a part of it that holds the address; for another one's
 * tokens nobody is sent to consent (RFC 9728 section 3.3).
 */
function covers(resource: string, url: URL): boolean {
  const declared = new URL(resource);
  const base = declared.pathname.replace(/\/$/, '');
  return declared.origin === url.origin && (url.pathname === base || url.pathname.startsWith(`${base}/`));
}

/**
 * Asks an MCP server who authorises for it: RFC 9728, by its 401 or at the well-known addresses. A server without the
 * metadata is its own authorization server, as the protocol had it before 2025-06-18.
 * @throws TenonError `provider_answer_invalid`, and what requests throw
 */
export async function discoverResource(context: TokenContext, url: URL): Promise<DiscoveredResource> {
  const challenge = await askForChallenge(context, url);
  const wanted = challenge.scope?.split(' ').filter((scope) => scope !== '');
  for (const metadataUrl of listMetadataUrls(url, challenge)) {
    const metadata = await fetchMetadata(context, metadataUrl);
    if (metadata) {
      if (!covers(metadata.resource, url)) {
        throw refuseMetadata(context, what, 'it is of another resource');
      }
      const authorizationServer = new URL(metadata.authorization_servers?.[0] ?? url.origin);
      if (url.protocol === 'https:' && authorizationServer.protocol !== 'https:') {
        throw refuseMetadata(context, what, 'it names an authorization server that is not on https');
      }
      return {
        resource: metadata.resource,
        authorizationServer,
        scopes: wanted ?? metadata.scopes_supported,
      };
    }
  }
  return { resource: url.href, authorizationServer: new URL(url.origin), scopes: wanted };
}
