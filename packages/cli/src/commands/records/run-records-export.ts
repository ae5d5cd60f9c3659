import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { extname, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { exportFormatSchema, type ExportFormat } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { parsePair } from '../parse-pair.ts';
import { readSelection, type SelectionFlags } from './read-selection.ts';

export interface RecordsExportFlags extends TargetFlags, SelectionFlags {
  readonly connection: string;
  readonly out: string;
  readonly format?: ExportFormat;
  readonly rawText?: boolean;
}

/** Writes records to a file, which is there whole or not at all. */
export async function runRecordsExport(
  context: CommandContext,
  name: string,
  flags: RecordsExportFlags,
): Promise<void> {
  const { output, signal } = context;
  const [integration, model] = parsePair(name, '<integration>/<model>');
  const file = resolve(context.cwd, flags.out);
  const format = flags.format ?? formatOf(file);
  const query = { ...readSelection(flags), format, rawText: flags.rawText, signal };
  await withServer(context, flags, async (server) => {
    const stream = await server.openExport({ integration, model, connection: flags.connection }, query);
    const draft = `${file}.${randomUUID()}.part`;
    const progress = output.progress(`Exporting ${name}`);
    const target = createWriteStream(draft, { flags: 'wx' });
    try {
      await pipeline(stream, target, { signal });
      await rename(draft, file);
    } catch (cause) {
      await rm(draft, { force: true });
      signal.throwIfAborted();
      throw new TenonError('server_unreachable', `The export to ${flags.out} is not complete: ${messageOf(cause)}.`, {
        hint: 'Nothing was written to that file. Check that its folder can be written to, and export again.',
        cause,
      });
    } finally {
      progress.stop();
    }
    output.line(`${output.colors.green('✓')} ${flags.out} (${target.bytesWritten} bytes, ${format})`);
    output.result({ file, format, bytes: target.bytesWritten });
  });
}

function formatOf(file: string): ExportFormat {
  const parsed = exportFormatSchema.safeParse(extname(file).slice(1).replace('jsonl', 'ndjson'));
  if (parsed.success) return parsed.data;
  throw new TenonError('usage_invalid', `The ending of ${file} does not say which format is meant.`, {
    hint: `Pass --format ${exportFormatSchema.options.join('|')}.`,
  });
}

function messageOf(error: unknown): string {
  // A stream that broke off says only that; why is beneath.
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
