import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';
import { listEverything } from '../../api-client/list-everything.ts';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { readSecret } from '../../connect/read-secret.ts';
import { importConnections, type ImportResult } from '../../import/import-connections.ts';
import { parseImportFile, type ImportEntry } from '../../import/parse-import-file.ts';
import { parsePair } from '../parse-pair.ts';
import { readJsonFlag } from '../read-json-flag.ts';
import { readStdin } from '../read-stdin.ts';

export interface ConnectionsImportFlags extends TargetFlags {
  readonly file?: string;
  /** Of entries that name none. */
  readonly integration?: string;
  readonly dryRun?: boolean;
  readonly update?: boolean;
  readonly verify: boolean;
  readonly credentials?: string;
  readonly accessToken?: string;
  readonly refreshToken?: string;
  readonly expiresAt?: string;
  readonly scopes?: string;
  readonly config?: string;
  readonly settings?: string;
  readonly metadata?: string;
  /** For tests; default: the process's stdin. */
  readonly readStdin?: () => Promise<string>;
}

/**
 * Imports connections with the credentials that another system holds, so that nobody has to connect again.
 * @param name `<integration>/<connection>` of the one that the flags describe; undefined: there is a file
 * @throws TenonError `import_incomplete` when any failed; all others are there
 */
export async function runConnectionsImport(
  context: CommandContext,
  name: string | undefined,
  flags: ConnectionsImportFlags,
): Promise<void> {
  const { output, signal } = context;
  const entries = await readEntries(context, name, flags);
  await withServer(context, flags, async (server) => {
    const [integrations, connections] = await Promise.all([
      listEverything((page) => server.listIntegrations(page), signal),
      listEverything((page) => server.listConnections(page), signal),
    ]);
    const progress = output.progress(`0/${entries.length}`);
    let done = 0;
    try {
      const results = await importConnections(server, entries, {
        integrations,
        integration: flags.integration,
        existing: new Set(connections.map(({ integration, id }) => `${integration}/${id}`)),
        isUpdate: flags.update === true,
        isDryRun: flags.dryRun === true,
        verify: flags.verify,
        signal,
        onResult: () => progress.update(`${++done}/${entries.length}`),
      });
      progress.stop();
      report(context, results, flags.dryRun === true);
    } finally {
      progress.stop();
    }
  });
}

function report({ output }: CommandContext, results: readonly ImportResult[], isDryRun: boolean): void {
  const count = (outcome: ImportResult['outcome']) => results.filter((result) => result.outcome === outcome).length;
  const counts = {
    imported: count('imported'),
    updated: count('updated'),
    skipped: count('skipped'),
    failed: count('failed'),
  };
  for (const { place, integration, connection, error } of results) {
    if (error === undefined) continue;
    const name = integration === null ? '' : ` ${integration}/${connection}`;
    output.line(`${output.colors.red('✗')} ${place}${name}: ${error.message} (${error.code})`);
  }
  const would = isDryRun ? 'would be ' : '';
  const summary = `${counts.imported} ${would}imported, ${counts.updated} updated, ${counts.skipped} skipped, ${counts.failed} failed`;
  if (counts.failed > 0) {
    throw new TenonError('import_incomplete', `${summary}.`, {
      hint: 'Correct what is listed and run it again: those that are there are skipped.',
      details: { ...counts, isDryRun, results },
    });
  }
  output.line(`${output.colors.green('✓')} ${summary}.`);
  output.result({ ...counts, isDryRun, results });
}

async function readEntries(
  context: CommandContext,
  name: string | undefined,
  flags: ConnectionsImportFlags,
): Promise<ImportEntry[]> {
  if ((name === undefined) === (flags.file === undefined)) {
    throw new TenonError('usage_invalid', 'Import one connection by its name, or many with --file.', {
      hint: 'Write `tenon connections import github/user1 --access-token -`, or `--file connections.csv`.',
    });
  }
  if (name !== undefined) return [await readOne(context, name, flags)];
  const file = flags.file ?? '';
  try {
    return parseImportFile(await readFile(resolve(context.cwd, file), 'utf8'), file);
  } catch (cause) {
    if (cause instanceof TenonError) throw cause;
    throw new TenonError('usage_invalid', `${file} cannot be read.`, {
      hint: 'The path is taken from the current folder.',
      cause,
    });
  }
}

async function readOne(context: CommandContext, name: string, flags: ConnectionsImportFlags): Promise<ImportEntry> {
  const [integration, connection] = parsePair(name, '<integration>/<connection>');
  const secret = async (flag: string, text: string | undefined) =>
    text === undefined
      ? undefined
      : readSecret(text, { flag, variables: context.env.variables, readStdin: flags.readStdin ?? readStdin });
  const json = async (flag: string, text: string | undefined) =>
    text === undefined ? undefined : readJsonFlag(text, flag, context);
  const value = {
    integration,
    connection,
    credentials: await json('--credentials', flags.credentials),
    accessToken: await secret('--access-token', flags.accessToken),
    refreshToken: await secret('--refresh-token', flags.refreshToken),
    expiresAt: flags.expiresAt,
    scopes: flags.scopes,
    config: await json('--config', flags.config),
    settings: await json('--settings', flags.settings),
    metadata: await json('--metadata', flags.metadata),
  };
  return { place: name, value: Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) };
}
