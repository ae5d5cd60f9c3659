import { isServerAway } from '../api-client/is-server-away.ts';
import type { CreateConnection } from '@tenon/runtime/contract';
import { TenonError, type ErrorCode } from '@tenon/runtime/errors';
import type { ApiClient } from '../api-client/api-client.ts';
import { toTenonError } from '../output/format-error.ts';
import { buildImport, type ImportDefaults } from './build-import.ts';
import type { ImportEntry } from './parse-import-file.ts';

export interface ImportResult {
  readonly place: string;
  readonly integration: string | null;
  readonly connection: string | null;
  readonly outcome: 'imported' | 'updated' | 'skipped' | 'failed';
  /** Absent unless it failed. */
  readonly error?: { readonly code: string; readonly message: string };
}

export interface ImportOptions extends ImportDefaults {
  /** `<integration>/<connection>` of those that are there. */
  readonly existing: ReadonlySet<string>;
  /** Replaces credentials, settings and metadata of those that are there. */
  readonly isUpdate: boolean;
  /** Says what would happen, and changes nothing. */
  readonly isDryRun: boolean;
  readonly signal: AbortSignal;
  readonly onResult: (result: ImportResult) => void;
}

type ImportServer = Pick<ApiClient, 'createConnection' | 'patchConnection'>;

/** Verifying asks a provider for each: enough at once to hide the waiting, few enough not to meet its rate limit. */
const concurrency = 4;
/** After these every further one would fail as well. */
const fatal: ReadonlySet<ErrorCode> = new Set([
  'unauthorized',
  'key_expired',
  'key_revoked',
  'forbidden',
  'interrupted',
  'server_name_unknown',
  'server_tls_failed',
  'server_redirected',
  'server_intercepted',
  'server_not_tenon',
  'server_too_old',
  'proxy_failed',
]);

/**
 * Imports connections one after another; what fails is told and does not keep the rest from it. Running it again
 * goes on where it ended, since those that are there are skipped.
 * @throws TenonError when the server is gone or refuses the key, or the signal's reason
 */
export async function importConnections(
  server: ImportServer,
  entries: readonly ImportEntry[],
  options: ImportOptions,
): Promise<ImportResult[]> {
  const results: ImportResult[] = [];
  const seen = new Map<string, string>();
  const waiting = [...entries.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      options.signal.throwIfAborted();
      const [index, entry] = next;
      const result = await importEntry(server, entry, { ...options, seen });
      results[index] = result;
      options.onResult(result);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(concurrency, entries.length) }, work));
  } catch (error) {
    waiting.length = 0;
    throw error;
  }
  return results;
}

async function importEntry(
  server: ImportServer,
  entry: ImportEntry,
  options: ImportOptions & { seen: Map<string, string> },
): Promise<ImportResult> {
  let made: CreateConnection | undefined;
  const tell = (outcome: ImportResult['outcome']): ImportResult => ({
    place: entry.place,
    integration: made?.integration ?? null,
    connection: made?.id ?? null,
    outcome,
  });
  try {
    made = buildImport(entry, options);
    const name = `${made.integration}/${made.id}`;
    const twin = options.seen.get(name);
    if (twin !== undefined) throw new TenonError('request_invalid', `${name} is there twice; first at ${twin}.`);
    options.seen.set(name, entry.place);
    if (options.existing.has(name)) {
      if (!options.isUpdate) return tell('skipped');
      if (!options.isDryRun) await update(server, made, options.signal);
      return tell('updated');
    }
    if (!options.isDryRun) await server.createConnection(made, { signal: options.signal });
    return tell('imported');
  } catch (error) {
    options.signal.throwIfAborted();
    const { code, message } = toTenonError(error);
    if (fatal.has(code) || isServerAway(error)) throw error;
    // Somebody else connected it meanwhile.
    if (code === 'conflict' && !options.isUpdate) return tell('skipped');
    return { ...tell('failed'), error: { code, message } };
  }
}

async function update(server: ImportServer, made: CreateConnection, signal: AbortSignal): Promise<void> {
  const { integration, id: connection, credentials, settings, metadata, verify } = made;
  const hasKeys = (value: object | undefined) => value !== undefined && Object.keys(value).length > 0;
  const patch = {
    credentials,
    ...(verify !== undefined && { verify }),
    ...(hasKeys(settings) && settings && { settings }),
    ...(hasKeys(metadata) && metadata && { metadata }),
  };
  await server.patchConnection({ integration, connection }, patch, { signal });
}
