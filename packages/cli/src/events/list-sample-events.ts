import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';
import { sampleEventSchema, type SampleEvent } from './sample-event.ts';

export interface SampleFolders {
  /** Of the project; undefined outside of one. */
  readonly root: string | undefined;
  readonly integration: string;
  /** Of the integration. */
  readonly provider: string;
  readonly templatesFolder: string;
}

/**
 * The sample events of an integration: the project's own, in integrations/<integration>/webhooks/, and those that come
 * with the provider. One of the project replaces a shipped one of its name. Sorted by name.
 * @throws TenonError `usage_invalid` for a file that is no sample event
 */
export async function listSampleEvents(folders: SampleFolders): Promise<SampleEvent[]> {
  const { root, integration, provider, templatesFolder } = folders;
  const shipped = await readSamples(join(templatesFolder, provider, 'events'));
  const own = root === undefined ? [] : await readSamples(join(root, 'integrations', integration, 'webhooks'));
  const byName = new Map([...shipped, ...own].map((sample) => [sample.name, sample]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readSamples(folder: string): Promise<SampleEvent[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return Promise.all(names.filter((name) => name.endsWith('.json')).map((name) => readSample(join(folder, name))));
}

async function readSample(file: string): Promise<SampleEvent> {
  const parsed = sampleEventSchema.safeParse(parseJson(await readFile(file, 'utf8'), file));
  if (!parsed.success) {
    throw invalid(file, parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  }
  const { description, source, syncs, headers, body } = parsed.data;
  return { name: basename(file, '.json'), description, source, syncs, headers, body };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(file, error instanceof Error ? error.message : String(error));
  }
}

function invalid(file: string, reason: string): TenonError {
  return new TenonError('usage_invalid', `${file} is no sample event: ${reason}.`, {
    hint: 'It looks like { "description": "...", "headers": { "x-event": "..." }, "body": { ... } }.',
  });
}
